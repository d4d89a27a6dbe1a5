module @f {
  func.func public @main(
      %arg0: tensor<4x5xf32>,
      %arg1: tensor<4x5xf32>,
      %arg2: tensor<5xf32>,
      %arg3: tensor<5xf32>,
      %arg4: tensor<5xf32>
  ) -> (
      tensor<4x5xf32>,
      tensor<5xf32>,
      tensor<5xf32>
  ) {
    %v0 = stablehlo.constant dense<0x3F800000> : tensor<f32>
    %v1 = stablehlo.constant dense<0x3727C5AC> : tensor<f32>
    %v2 = stablehlo.broadcast_in_dim %v1, dims = [] : (tensor<f32>) -> tensor<5xf32>
    %v3 = stablehlo.add %arg3, %v2 : tensor<5xf32>
    %v4 = stablehlo.sqrt %v3 : tensor<5xf32>
    %v5 = stablehlo.broadcast_in_dim %v0, dims = [] : (tensor<f32>) -> tensor<5xf32>
    %v6 = stablehlo.divide %v5, %v4 : tensor<5xf32>
    %v7 = stablehlo.broadcast_in_dim %arg2, dims = [1] : (tensor<5xf32>) -> tensor<4x5xf32>
    %v8 = stablehlo.subtract %arg1, %v7 : tensor<4x5xf32>
    %v9 = stablehlo.broadcast_in_dim %v6, dims = [1] : (tensor<5xf32>) -> tensor<4x5xf32>
    %v10 = stablehlo.multiply %v8, %v9 : tensor<4x5xf32>
    %v11 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v12 = stablehlo.reduce(%arg0 init: %v11) applies stablehlo.add across dimensions = [0] : (tensor<4x5xf32>, tensor<f32>) -> tensor<5xf32>
    %v13 = stablehlo.multiply %arg0, %v10 : tensor<4x5xf32>
    %v14 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v15 = stablehlo.reduce(%v13 init: %v14) applies stablehlo.add across dimensions = [0] : (tensor<4x5xf32>, tensor<f32>) -> tensor<5xf32>
    %v16 = stablehlo.constant dense<0x3E800000> : tensor<f32>
    %v17 = stablehlo.broadcast_in_dim %v16, dims = [] : (tensor<f32>) -> tensor<5xf32>
    %v18 = stablehlo.multiply %v12, %v17 : tensor<5xf32>
    %v19 = stablehlo.broadcast_in_dim %v18, dims = [1] : (tensor<5xf32>) -> tensor<4x5xf32>
    %v20 = stablehlo.subtract %arg0, %v19 : tensor<4x5xf32>
    %v21 = stablehlo.constant dense<0x3E800000> : tensor<f32>
    %v22 = stablehlo.broadcast_in_dim %v21, dims = [] : (tensor<f32>) -> tensor<5xf32>
    %v23 = stablehlo.multiply %v15, %v22 : tensor<5xf32>
    %v24 = stablehlo.broadcast_in_dim %v23, dims = [1] : (tensor<5xf32>) -> tensor<4x5xf32>
    %v25 = stablehlo.multiply %v10, %v24 : tensor<4x5xf32>
    %v26 = stablehlo.subtract %v20, %v25 : tensor<4x5xf32>
    %v27 = stablehlo.multiply %v6, %arg4 : tensor<5xf32>
    %v28 = stablehlo.broadcast_in_dim %v27, dims = [1] : (tensor<5xf32>) -> tensor<4x5xf32>
    %v29 = stablehlo.multiply %v26, %v28 : tensor<4x5xf32>
    return %v29, %v15, %v12 : tensor<4x5xf32>, tensor<5xf32>, tensor<5xf32>
  }
}
