module @f {
  func.func public @main(
      %arg0: tensor<2x4x5x2xf32>
  ) -> (
      tensor<2x4x5x2xf32>
  ) {
    %v0 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %v1 = "stablehlo.reduce_window"(%arg0, %v0) <{base_dilations = array<i64: 1, 1, 1, 1>, padding = dense<[[0, 0], [1, 1], [1, 1], [0, 0]]> : tensor<4x2xi64>, window_dilations = array<i64: 1, 1, 1, 1>, window_dimensions = array<i64: 1, 3, 3, 1>, window_strides = array<i64: 1, 1, 1, 1>}> ({
      ^bb0(%l: tensor<f32>, %r: tensor<f32>):
        %s = stablehlo.maximum %l, %r : tensor<f32>
        stablehlo.return %s : tensor<f32>
    }) : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    return %v1 : tensor<2x4x5x2xf32>
  }
}
