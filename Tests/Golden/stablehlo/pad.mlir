module @f {
  func.func public @main(
      %arg0: tensor<3x4xf32>
  ) -> (
      tensor<5x7xf32>
  ) {
    %v0 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v1 = stablehlo.pad %arg0, %v0, low = [1, 2], high = [1, 1], interior = [0, 0] : (tensor<3x4xf32>, tensor<f32>) -> tensor<5x7xf32>
    return %v1 : tensor<5x7xf32>
  }
}
