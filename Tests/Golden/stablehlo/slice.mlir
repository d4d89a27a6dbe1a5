module @f {
  func.func public @main(
      %arg0: tensor<3x4xf32>
  ) -> (
      tensor<2x2xf32>
  ) {
    %v0 = stablehlo.slice %arg0 [1:3:1, 1:3:1] : (tensor<3x4xf32>) -> tensor<2x2xf32>
    return %v0 : tensor<2x2xf32>
  }
}
