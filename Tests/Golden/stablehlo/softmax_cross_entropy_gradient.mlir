module @f {
  func.func public @main(
      %arg0: tensor<5x3xf32>,
      %arg1: tensor<5xi32>,
      %arg2: tensor<f32>
  ) -> (
      tensor<5x3xf32>
  ) {
    %v0 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %v1 = stablehlo.reduce(%arg0 init: %v0) applies stablehlo.maximum across dimensions = [1] : (tensor<5x3xf32>, tensor<f32>) -> tensor<5xf32>
    %v2 = stablehlo.broadcast_in_dim %v1, dims = [0] : (tensor<5xf32>) -> tensor<5x3xf32>
    %v3 = stablehlo.subtract %arg0, %v2 : tensor<5x3xf32>
    %v4 = stablehlo.exponential %v3 : tensor<5x3xf32>
    %v5 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v6 = stablehlo.reduce(%v4 init: %v5) applies stablehlo.add across dimensions = [1] : (tensor<5x3xf32>, tensor<f32>) -> tensor<5xf32>
    %v7 = stablehlo.broadcast_in_dim %v6, dims = [0] : (tensor<5xf32>) -> tensor<5x3xf32>
    %v8 = stablehlo.divide %v4, %v7 : tensor<5x3xf32>
    %v9 = stablehlo.iota dim = 1 : tensor<5x3xi32>
    %v10 = stablehlo.broadcast_in_dim %arg1, dims = [0] : (tensor<5xi32>) -> tensor<5x3xi32>
    %v11 = stablehlo.compare EQ, %v9, %v10, SIGNED : (tensor<5x3xi32>, tensor<5x3xi32>) -> tensor<5x3xi1>
    %v12 = stablehlo.convert %v11 : (tensor<5x3xi1>) -> tensor<5x3xf32>
    %v13 = stablehlo.subtract %v8, %v12 : tensor<5x3xf32>
    %v14 = stablehlo.constant dense<0x40A00000> : tensor<f32>
    %v15 = stablehlo.divide %arg2, %v14 : tensor<f32>
    %v16 = stablehlo.broadcast_in_dim %v15, dims = [] : (tensor<f32>) -> tensor<5x3xf32>
    %v17 = stablehlo.multiply %v13, %v16 : tensor<5x3xf32>
    return %v17 : tensor<5x3xf32>
  }
}
