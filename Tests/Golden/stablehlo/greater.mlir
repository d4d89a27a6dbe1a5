module @f {
  func.func public @main(
      %arg0: tensor<3x4xf32>,
      %arg1: tensor<3x4xf32>
  ) -> (
      tensor<3x4xf32>
  ) {
    %v0 = stablehlo.compare GT, %arg0, %arg1, FLOAT : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xi1>
    %v1 = stablehlo.convert %v0 : (tensor<3x4xi1>) -> tensor<3x4xf32>
    return %v1 : tensor<3x4xf32>
  }
}
