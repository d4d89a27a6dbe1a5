module @f {
  func.func public @main(
      %arg0: tensor<2x4x5x2xf32>,
      %arg1: tensor<18x2xf32>
  ) -> (
      tensor<2x4x5x2xf32>
  ) {
    %v0 = stablehlo.reshape %arg1 : (tensor<18x2xf32>) -> tensor<3x3x2x2xf32>
    %v1 = stablehlo.convolution(%arg0, %v0) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision HIGHEST>, #stablehlo<precision HIGHEST>]} : (tensor<2x4x5x2xf32>, tensor<3x3x2x2xf32>) -> tensor<2x4x5x2xf32>
    return %v1 : tensor<2x4x5x2xf32>
  }
}
