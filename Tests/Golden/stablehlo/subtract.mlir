module @f {
  func.func public @main(
      %arg0: tensor<3x4xf32>,
      %arg1: tensor<3x4xf32>
  ) -> (
      tensor<3x4xf32>
  ) {
    %v0 = stablehlo.subtract %arg0, %arg1 : tensor<3x4xf32>
    return %v0 : tensor<3x4xf32>
  }
}
