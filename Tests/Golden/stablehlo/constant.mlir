module @f {
  func.func public @main(

  ) -> (
      tensor<2x3xf32>
  ) {
    %v0 = stablehlo.constant dense<0x3FC00000> : tensor<2x3xf32>
    return %v0 : tensor<2x3xf32>
  }
}
