module @f {
  func.func public @main(
      %arg0: tensor<8x6xf32>,
      %arg1: tensor<8x6xf32>,
      %arg2: tensor<8x6xf32>,
      %arg3: tensor<8x6xf32>,
      %arg4: tensor<8x6xf32>,
      %arg5: tensor<4x4xf32>
  ) -> (
      tensor<8x6xf32>,
      tensor<8x6xf32>,
      tensor<8x6xf32>
  ) {
    %v0 = stablehlo.reshape %arg1 : (tensor<8x6xf32>) -> tensor<2x4x2x1x3xf32>
    %v1 = stablehlo.reshape %arg2 : (tensor<8x6xf32>) -> tensor<2x4x2x3xf32>
    %v2 = stablehlo.reshape %arg3 : (tensor<8x6xf32>) -> tensor<2x4x2x3xf32>
    %v3 = stablehlo.reshape %arg0 : (tensor<8x6xf32>) -> tensor<2x4x2x1x3xf32>
    %v4 = stablehlo.reshape %arg4 : (tensor<8x6xf32>) -> tensor<2x4x2x1x3xf32>
    %v5 = stablehlo.multiply %v3, %v4 : tensor<2x4x2x1x3xf32>
    %v6 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v7 = stablehlo.reduce(%v5 init: %v6) applies stablehlo.add across dimensions = [4] : (tensor<2x4x2x1x3xf32>, tensor<f32>) -> tensor<2x4x2x1xf32>
    %v8 = stablehlo.transpose %v7, dims = [0, 2, 1, 3] : (tensor<2x4x2x1xf32>) -> tensor<2x2x4x1xf32>
    %v9 = stablehlo.reshape %arg5 : (tensor<4x4xf32>) -> tensor<2x2x1x4xf32>
    %v10 = stablehlo.transpose %v9, dims = [0, 1, 3, 2] : (tensor<2x2x1x4xf32>) -> tensor<2x2x4x1xf32>
    %v11 = stablehlo.dot_general %v0, %v1, batching_dims = [0, 2] x [0, 2], contracting_dims = [4] x [3], precision = [HIGHEST, HIGHEST] : (tensor<2x4x2x1x3xf32>, tensor<2x4x2x3xf32>) -> tensor<2x2x4x1x4xf32>
    %v12 = stablehlo.constant dense<0x3F333333> : tensor<f32>
    %v13 = stablehlo.broadcast_in_dim %v12, dims = [] : (tensor<f32>) -> tensor<2x2x4x1x4xf32>
    %v14 = stablehlo.multiply %v11, %v13 : tensor<2x2x4x1x4xf32>
    %v15 = stablehlo.broadcast_in_dim %v10, dims = [0, 1, 2, 3] : (tensor<2x2x4x1xf32>) -> tensor<2x2x4x1x4xf32>
    %v16 = stablehlo.subtract %v14, %v15 : tensor<2x2x4x1x4xf32>
    %v17 = stablehlo.exponential %v16 : tensor<2x2x4x1x4xf32>
    %v18 = stablehlo.dot_general %v3, %v2, batching_dims = [0, 2] x [0, 2], contracting_dims = [4] x [3], precision = [HIGHEST, HIGHEST] : (tensor<2x4x2x1x3xf32>, tensor<2x4x2x3xf32>) -> tensor<2x2x4x1x4xf32>
    %v19 = stablehlo.broadcast_in_dim %v8, dims = [0, 1, 2, 3] : (tensor<2x2x4x1xf32>) -> tensor<2x2x4x1x4xf32>
    %v20 = stablehlo.subtract %v18, %v19 : tensor<2x2x4x1x4xf32>
    %v21 = stablehlo.multiply %v17, %v20 : tensor<2x2x4x1x4xf32>
    %v22 = stablehlo.dot_general %v21, %v1, batching_dims = [0, 1] x [0, 2], contracting_dims = [4] x [1], precision = [HIGHEST, HIGHEST] : (tensor<2x2x4x1x4xf32>, tensor<2x4x2x3xf32>) -> tensor<2x2x4x1x3xf32>
    %v23 = stablehlo.constant dense<0x3F333333> : tensor<f32>
    %v24 = stablehlo.broadcast_in_dim %v23, dims = [] : (tensor<f32>) -> tensor<2x2x4x1x3xf32>
    %v25 = stablehlo.multiply %v22, %v24 : tensor<2x2x4x1x3xf32>
    %v26 = stablehlo.dot_general %v21, %v0, batching_dims = [0, 1] x [0, 2], contracting_dims = [2, 3] x [1, 3], precision = [HIGHEST, HIGHEST] : (tensor<2x2x4x1x4xf32>, tensor<2x4x2x1x3xf32>) -> tensor<2x2x4x3xf32>
    %v27 = stablehlo.constant dense<0x3F333333> : tensor<f32>
    %v28 = stablehlo.broadcast_in_dim %v27, dims = [] : (tensor<f32>) -> tensor<2x2x4x3xf32>
    %v29 = stablehlo.multiply %v26, %v28 : tensor<2x2x4x3xf32>
    %v30 = stablehlo.dot_general %v17, %v3, batching_dims = [0, 1] x [0, 2], contracting_dims = [2, 3] x [1, 3], precision = [HIGHEST, HIGHEST] : (tensor<2x2x4x1x4xf32>, tensor<2x4x2x1x3xf32>) -> tensor<2x2x4x3xf32>
    %v31 = stablehlo.transpose %v25, dims = [0, 2, 1, 3, 4] : (tensor<2x2x4x1x3xf32>) -> tensor<2x4x2x1x3xf32>
    %v32 = stablehlo.reshape %v31 : (tensor<2x4x2x1x3xf32>) -> tensor<8x6xf32>
    %v33 = stablehlo.transpose %v29, dims = [0, 2, 1, 3] : (tensor<2x2x4x3xf32>) -> tensor<2x4x2x3xf32>
    %v34 = stablehlo.reshape %v33 : (tensor<2x4x2x3xf32>) -> tensor<8x6xf32>
    %v35 = stablehlo.transpose %v30, dims = [0, 2, 1, 3] : (tensor<2x2x4x3xf32>) -> tensor<2x4x2x3xf32>
    %v36 = stablehlo.reshape %v35 : (tensor<2x4x2x3xf32>) -> tensor<8x6xf32>
    return %v32, %v34, %v36 : tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>
  }
}
