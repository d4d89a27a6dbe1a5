module @f {
  func.func public @main(
      %arg0: tensor<4x5xf32>
  ) -> (
      tensor<4x5xf32>
  ) {
    %v0 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %v1 = stablehlo.reduce(%arg0 init: %v0) applies stablehlo.maximum across dimensions = [1] : (tensor<4x5xf32>, tensor<f32>) -> tensor<4xf32>
    %v2 = stablehlo.broadcast_in_dim %v1, dims = [0] : (tensor<4xf32>) -> tensor<4x5xf32>
    %v3 = stablehlo.subtract %arg0, %v2 : tensor<4x5xf32>
    %v4 = stablehlo.exponential %v3 : tensor<4x5xf32>
    %v5 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v6 = stablehlo.reduce(%v4 init: %v5) applies stablehlo.add across dimensions = [1] : (tensor<4x5xf32>, tensor<f32>) -> tensor<4xf32>
    %v7 = stablehlo.log %v6 : tensor<4xf32>
    %v8 = stablehlo.broadcast_in_dim %v7, dims = [0] : (tensor<4xf32>) -> tensor<4x5xf32>
    %v9 = stablehlo.subtract %v3, %v8 : tensor<4x5xf32>
    return %v9 : tensor<4x5xf32>
  }
}
