module @f {
  func.func public @main(
      %arg0: tensor<2x4x5x2xf32>
  ) -> (
      tensor<2x4x5x2xf32>
  ) {
    %v0 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v1 = "stablehlo.reduce_window"(%arg0, %v0) <{base_dilations = array<i64: 1, 1, 1, 1>, padding = dense<[[0, 0], [1, 1], [1, 1], [0, 0]]> : tensor<4x2xi64>, window_dilations = array<i64: 1, 1, 1, 1>, window_dimensions = array<i64: 1, 3, 3, 1>, window_strides = array<i64: 1, 1, 1, 1>}> ({
      ^bb0(%l: tensor<f32>, %r: tensor<f32>):
        %s = stablehlo.add %l, %r : tensor<f32>
        stablehlo.return %s : tensor<f32>
    }) : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v2 = stablehlo.constant dense<"0x000080400000C0400000C0400000C040000080400000C0400000104100001041000010410000C0400000C0400000104100001041000010410000C040000080400000C0400000C0400000C04000008040"> : tensor<4x5xf32>
    %v3 = stablehlo.broadcast_in_dim %v2, dims = [1, 2] : (tensor<4x5xf32>) -> tensor<2x4x5x2xf32>
    %v4 = stablehlo.divide %v1, %v3 : tensor<2x4x5x2xf32>
    return %v4 : tensor<2x4x5x2xf32>
  }
}
