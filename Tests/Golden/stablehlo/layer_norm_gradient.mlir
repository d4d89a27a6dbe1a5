module @f {
  func.func public @main(
      %arg0: tensor<4x5xf32>,
      %arg1: tensor<4x5xf32>,
      %arg2: tensor<4xf32>,
      %arg3: tensor<4xf32>,
      %arg4: tensor<5xf32>
  ) -> (
      tensor<4x5xf32>,
      tensor<5xf32>,
      tensor<5xf32>
  ) {
    %v0 = stablehlo.broadcast_in_dim %arg2, dims = [0] : (tensor<4xf32>) -> tensor<4x5xf32>
    %v1 = stablehlo.subtract %arg1, %v0 : tensor<4x5xf32>
    %v2 = stablehlo.broadcast_in_dim %arg3, dims = [0] : (tensor<4xf32>) -> tensor<4x5xf32>
    %v3 = stablehlo.multiply %v1, %v2 : tensor<4x5xf32>
    %v4 = stablehlo.broadcast_in_dim %arg4, dims = [1] : (tensor<5xf32>) -> tensor<4x5xf32>
    %v5 = stablehlo.multiply %arg0, %v4 : tensor<4x5xf32>
    %v6 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v7 = stablehlo.reduce(%v5 init: %v6) applies stablehlo.add across dimensions = [1] : (tensor<4x5xf32>, tensor<f32>) -> tensor<4xf32>
    %v8 = stablehlo.constant dense<0x3E4CCCCD> : tensor<f32>
    %v9 = stablehlo.broadcast_in_dim %v8, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %v10 = stablehlo.multiply %v7, %v9 : tensor<4xf32>
    %v11 = stablehlo.multiply %v5, %v3 : tensor<4x5xf32>
    %v12 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v13 = stablehlo.reduce(%v11 init: %v12) applies stablehlo.add across dimensions = [1] : (tensor<4x5xf32>, tensor<f32>) -> tensor<4xf32>
    %v14 = stablehlo.constant dense<0x3E4CCCCD> : tensor<f32>
    %v15 = stablehlo.broadcast_in_dim %v14, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %v16 = stablehlo.multiply %v13, %v15 : tensor<4xf32>
    %v17 = stablehlo.broadcast_in_dim %v10, dims = [0] : (tensor<4xf32>) -> tensor<4x5xf32>
    %v18 = stablehlo.subtract %v5, %v17 : tensor<4x5xf32>
    %v19 = stablehlo.broadcast_in_dim %v16, dims = [0] : (tensor<4xf32>) -> tensor<4x5xf32>
    %v20 = stablehlo.multiply %v3, %v19 : tensor<4x5xf32>
    %v21 = stablehlo.subtract %v18, %v20 : tensor<4x5xf32>
    %v22 = stablehlo.broadcast_in_dim %arg3, dims = [0] : (tensor<4xf32>) -> tensor<4x5xf32>
    %v23 = stablehlo.multiply %v21, %v22 : tensor<4x5xf32>
    %v24 = stablehlo.multiply %arg0, %v3 : tensor<4x5xf32>
    %v25 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v26 = stablehlo.reduce(%v24 init: %v25) applies stablehlo.add across dimensions = [0] : (tensor<4x5xf32>, tensor<f32>) -> tensor<5xf32>
    %v27 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v28 = stablehlo.reduce(%arg0 init: %v27) applies stablehlo.add across dimensions = [0] : (tensor<4x5xf32>, tensor<f32>) -> tensor<5xf32>
    return %v23, %v26, %v28 : tensor<4x5xf32>, tensor<5xf32>, tensor<5xf32>
  }
}
