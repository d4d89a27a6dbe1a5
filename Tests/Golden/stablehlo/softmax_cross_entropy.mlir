module @f {
  func.func public @main(
      %arg0: tensor<5x3xf32>,
      %arg1: tensor<5xi32>
  ) -> (
      tensor<f32>
  ) {
    %v0 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %v1 = stablehlo.reduce(%arg0 init: %v0) applies stablehlo.maximum across dimensions = [1] : (tensor<5x3xf32>, tensor<f32>) -> tensor<5xf32>
    %v2 = stablehlo.broadcast_in_dim %v1, dims = [0] : (tensor<5xf32>) -> tensor<5x3xf32>
    %v3 = stablehlo.subtract %arg0, %v2 : tensor<5x3xf32>
    %v4 = stablehlo.exponential %v3 : tensor<5x3xf32>
    %v5 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v6 = stablehlo.reduce(%v4 init: %v5) applies stablehlo.add across dimensions = [1] : (tensor<5x3xf32>, tensor<f32>) -> tensor<5xf32>
    %v7 = stablehlo.log %v6 : tensor<5xf32>
    %v8 = stablehlo.broadcast_in_dim %v7, dims = [0] : (tensor<5xf32>) -> tensor<5x3xf32>
    %v9 = stablehlo.subtract %v3, %v8 : tensor<5x3xf32>
    %v10 = stablehlo.iota dim = 1 : tensor<5x3xi32>
    %v11 = stablehlo.broadcast_in_dim %arg1, dims = [0] : (tensor<5xi32>) -> tensor<5x3xi32>
    %v12 = stablehlo.compare EQ, %v10, %v11, SIGNED : (tensor<5x3xi32>, tensor<5x3xi32>) -> tensor<5x3xi1>
    %v13 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v14 = stablehlo.broadcast_in_dim %v13, dims = [] : (tensor<f32>) -> tensor<5x3xf32>
    %v15 = stablehlo.select %v12, %v9, %v14 : tensor<5x3xi1>, tensor<5x3xf32>
    %v16 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v17 = stablehlo.reduce(%v15 init: %v16) applies stablehlo.add across dimensions = [1] : (tensor<5x3xf32>, tensor<f32>) -> tensor<5xf32>
    %v18 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v19 = stablehlo.reduce(%v17 init: %v18) applies stablehlo.add across dimensions = [0] : (tensor<5xf32>, tensor<f32>) -> tensor<f32>
    %v20 = stablehlo.constant dense<0x40A00000> : tensor<f32>
    %v21 = stablehlo.divide %v19, %v20 : tensor<f32>
    %v22 = stablehlo.negate %v21 : tensor<f32>
    return %v22 : tensor<f32>
  }
}
