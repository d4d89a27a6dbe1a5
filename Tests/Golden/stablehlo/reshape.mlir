module @f {
  func.func public @main(
      %arg0: tensor<3x4xf32>
  ) -> (
      tensor<2x6xf32>
  ) {
    %v0 = stablehlo.reshape %arg0 : (tensor<3x4xf32>) -> tensor<2x6xf32>
    return %v0 : tensor<2x6xf32>
  }
}
