module @f {
  func.func public @main(
      %arg0: tensor<3x4xf32>
  ) -> (
      tensor<3x4xf32>
  ) {
    %v0 = stablehlo.constant dense<0x3F800000> : tensor<3x4xf32>
    return %v0 : tensor<3x4xf32>
  }
}
