module @f {
  func.func public @main(
      %arg0: tensor<3x4xf32>
  ) -> (
      tensor<4xf32>
  ) {
    %v0 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v1 = stablehlo.reduce(%arg0 init: %v0) applies stablehlo.add across dimensions = [0] : (tensor<3x4xf32>, tensor<f32>) -> tensor<4xf32>
    return %v1 : tensor<4xf32>
  }
}
