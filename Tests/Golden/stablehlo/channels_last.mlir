module @f {
  func.func public @main(
      %arg0: tensor<2x3x4x5xf32>
  ) -> (
      tensor<2x4x5x3xf32>
  ) {
    %v0 = stablehlo.transpose %arg0, dims = [0, 2, 3, 1] : (tensor<2x3x4x5xf32>) -> tensor<2x4x5x3xf32>
    return %v0 : tensor<2x4x5x3xf32>
  }
}
