module @f {
  func.func public @main(
      %arg0: tensor<2x3x4x5xf32>
  ) -> (
      tensor<2x5x3x4xf32>
  ) {
    %v0 = stablehlo.transpose %arg0, dims = [0, 3, 1, 2] : (tensor<2x3x4x5xf32>) -> tensor<2x5x3x4xf32>
    return %v0 : tensor<2x5x3x4xf32>
  }
}
