module @f {
  func.func public @main(
      %arg0: tensor<3x4xf32>
  ) -> (
      tensor<2x3x2x4xf32>
  ) {
    %v0 = stablehlo.broadcast_in_dim %arg0, dims = [1, 3] : (tensor<3x4xf32>) -> tensor<2x3x2x4xf32>
    return %v0 : tensor<2x3x2x4xf32>
  }
}
