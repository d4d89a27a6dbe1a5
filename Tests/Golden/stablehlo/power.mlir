module @f {
  func.func public @main(
      %arg0: tensor<3x4xf32>
  ) -> (
      tensor<3x4xf32>
  ) {
    return %arg0 : tensor<3x4xf32>
  }
}
