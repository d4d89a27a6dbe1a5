module @f {
  func.func public @main(
      %arg0: tensor<3x4xf32>,
      %arg1: tensor<3x2xf32>,
      %arg2: tensor<3x1xf32>
  ) -> (
      tensor<3x7xf32>
  ) {
    %v0 = stablehlo.concatenate %arg0, %arg1, %arg2, dim = 1 : (tensor<3x4xf32>, tensor<3x2xf32>, tensor<3x1xf32>) -> tensor<3x7xf32>
    return %v0 : tensor<3x7xf32>
  }
}
