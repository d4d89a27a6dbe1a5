module @f {
  func.func public @main(
      %arg0: tensor<8x6xf32>,
      %arg1: tensor<8x6xf32>,
      %arg2: tensor<8x6xf32>
  ) -> (
      tensor<8x6xf32>,
      tensor<4x4xf32>
  ) {
    %v0 = stablehlo.reshape %arg0 : (tensor<8x6xf32>) -> tensor<2x4x2x1x3xf32>
    %v1 = stablehlo.reshape %arg1 : (tensor<8x6xf32>) -> tensor<2x4x2x3xf32>
    %v2 = stablehlo.reshape %arg2 : (tensor<8x6xf32>) -> tensor<2x4x2x3xf32>
    %v3 = stablehlo.dot_general %v0, %v1, batching_dims = [0, 2] x [0, 2], contracting_dims = [4] x [3], precision = [HIGHEST, HIGHEST] : (tensor<2x4x2x1x3xf32>, tensor<2x4x2x3xf32>) -> tensor<2x2x4x1x4xf32>
    %v4 = stablehlo.constant dense<0x3F333333> : tensor<f32>
    %v5 = stablehlo.broadcast_in_dim %v4, dims = [] : (tensor<f32>) -> tensor<2x2x4x1x4xf32>
    %v6 = stablehlo.multiply %v3, %v5 : tensor<2x2x4x1x4xf32>
    %v7 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %v8 = stablehlo.reduce(%v6 init: %v7) applies stablehlo.maximum across dimensions = [4] : (tensor<2x2x4x1x4xf32>, tensor<f32>) -> tensor<2x2x4x1xf32>
    %v9 = stablehlo.broadcast_in_dim %v8, dims = [0, 1, 2, 3] : (tensor<2x2x4x1xf32>) -> tensor<2x2x4x1x4xf32>
    %v10 = stablehlo.subtract %v6, %v9 : tensor<2x2x4x1x4xf32>
    %v11 = stablehlo.exponential %v10 : tensor<2x2x4x1x4xf32>
    %v12 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v13 = stablehlo.reduce(%v11 init: %v12) applies stablehlo.add across dimensions = [4] : (tensor<2x2x4x1x4xf32>, tensor<f32>) -> tensor<2x2x4x1xf32>
    %v14 = stablehlo.broadcast_in_dim %v13, dims = [0, 1, 2, 3] : (tensor<2x2x4x1xf32>) -> tensor<2x2x4x1x4xf32>
    %v15 = stablehlo.divide %v11, %v14 : tensor<2x2x4x1x4xf32>
    %v16 = stablehlo.dot_general %v15, %v2, batching_dims = [0, 1] x [0, 2], contracting_dims = [4] x [1], precision = [HIGHEST, HIGHEST] : (tensor<2x2x4x1x4xf32>, tensor<2x4x2x3xf32>) -> tensor<2x2x4x1x3xf32>
    %v17 = stablehlo.log %v13 : tensor<2x2x4x1xf32>
    %v18 = stablehlo.add %v17, %v8 : tensor<2x2x4x1xf32>
    %v19 = stablehlo.transpose %v16, dims = [0, 2, 1, 3, 4] : (tensor<2x2x4x1x3xf32>) -> tensor<2x4x2x1x3xf32>
    %v20 = stablehlo.reshape %v19 : (tensor<2x4x2x1x3xf32>) -> tensor<8x6xf32>
    %v21 = stablehlo.transpose %v18, dims = [0, 1, 3, 2] : (tensor<2x2x4x1xf32>) -> tensor<2x2x1x4xf32>
    %v22 = stablehlo.reshape %v21 : (tensor<2x2x1x4xf32>) -> tensor<4x4xf32>
    return %v20, %v22 : tensor<8x6xf32>, tensor<4x4xf32>
  }
}
