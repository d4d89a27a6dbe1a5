module @f {
  func.func public @main(
      %arg0: tensor<4x5xf32>,
      %arg1: tensor<5xf32>,
      %arg2: tensor<5xf32>
  ) -> (
      tensor<4x5xf32>,
      tensor<5xf32>,
      tensor<5xf32>
  ) {
    %v0 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v1 = stablehlo.reduce(%arg0 init: %v0) applies stablehlo.add across dimensions = [0] : (tensor<4x5xf32>, tensor<f32>) -> tensor<5xf32>
    %v2 = stablehlo.constant dense<0x3E800000> : tensor<f32>
    %v3 = stablehlo.broadcast_in_dim %v2, dims = [] : (tensor<f32>) -> tensor<5xf32>
    %v4 = stablehlo.multiply %v1, %v3 : tensor<5xf32>
    %v5 = stablehlo.broadcast_in_dim %v4, dims = [1] : (tensor<5xf32>) -> tensor<4x5xf32>
    %v6 = stablehlo.subtract %arg0, %v5 : tensor<4x5xf32>
    %v7 = stablehlo.multiply %v6, %v6 : tensor<4x5xf32>
    %v8 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v9 = stablehlo.reduce(%v7 init: %v8) applies stablehlo.add across dimensions = [0] : (tensor<4x5xf32>, tensor<f32>) -> tensor<5xf32>
    %v10 = stablehlo.constant dense<0x3E800000> : tensor<f32>
    %v11 = stablehlo.broadcast_in_dim %v10, dims = [] : (tensor<f32>) -> tensor<5xf32>
    %v12 = stablehlo.multiply %v9, %v11 : tensor<5xf32>
    %v13 = stablehlo.constant dense<0x3F800000> : tensor<f32>
    %v14 = stablehlo.constant dense<0x3727C5AC> : tensor<f32>
    %v15 = stablehlo.broadcast_in_dim %v14, dims = [] : (tensor<f32>) -> tensor<5xf32>
    %v16 = stablehlo.add %v12, %v15 : tensor<5xf32>
    %v17 = stablehlo.sqrt %v16 : tensor<5xf32>
    %v18 = stablehlo.broadcast_in_dim %v13, dims = [] : (tensor<f32>) -> tensor<5xf32>
    %v19 = stablehlo.divide %v18, %v17 : tensor<5xf32>
    %v20 = stablehlo.multiply %arg1, %v19 : tensor<5xf32>
    %v21 = stablehlo.broadcast_in_dim %v20, dims = [1] : (tensor<5xf32>) -> tensor<4x5xf32>
    %v22 = stablehlo.multiply %v6, %v21 : tensor<4x5xf32>
    %v23 = stablehlo.broadcast_in_dim %arg2, dims = [1] : (tensor<5xf32>) -> tensor<4x5xf32>
    %v24 = stablehlo.add %v22, %v23 : tensor<4x5xf32>
    return %v24, %v4, %v12 : tensor<4x5xf32>, tensor<5xf32>, tensor<5xf32>
  }
}
