module @f {
  func.func public @main(
      %arg0: tensor<3x4xf32>
  ) -> (
      tensor<3x4xf32>
  ) {
    %v0 = stablehlo.constant dense<0x3F800000> : tensor<f32>
    %v1 = stablehlo.broadcast_in_dim %v0, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v2 = stablehlo.divide %v1, %arg0 : tensor<3x4xf32>
    return %v2 : tensor<3x4xf32>
  }
}
