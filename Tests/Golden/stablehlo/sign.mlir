module @f {
  func.func public @main(
      %arg0: tensor<3x4xf32>
  ) -> (
      tensor<3x4xf32>
  ) {
    %v0 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v1 = stablehlo.broadcast_in_dim %v0, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v2 = stablehlo.compare GT, %arg0, %v1, FLOAT : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xi1>
    %v3 = stablehlo.constant dense<0x3F800000> : tensor<f32>
    %v4 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v5 = stablehlo.broadcast_in_dim %v4, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v6 = stablehlo.compare LT, %arg0, %v5, FLOAT : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xi1>
    %v7 = stablehlo.constant dense<0xBF800000> : tensor<f32>
    %v8 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v9 = stablehlo.broadcast_in_dim %v7, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v10 = stablehlo.broadcast_in_dim %v8, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v11 = stablehlo.select %v6, %v9, %v10 : tensor<3x4xi1>, tensor<3x4xf32>
    %v12 = stablehlo.broadcast_in_dim %v3, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v13 = stablehlo.select %v2, %v12, %v11 : tensor<3x4xi1>, tensor<3x4xf32>
    return %v13 : tensor<3x4xf32>
  }
}
