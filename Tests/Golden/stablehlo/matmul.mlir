module @f {
  func.func public @main(
      %arg0: tensor<3x4xf32>,
      %arg1: tensor<4x2xf32>
  ) -> (
      tensor<3x2xf32>
  ) {
    %v0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<3x4xf32>, tensor<4x2xf32>) -> tensor<3x2xf32>
    return %v0 : tensor<3x2xf32>
  }
}
