module @f {
  func.func public @main(
      %arg0: tensor<4xf32>
  ) -> (
      tensor<4x4xf32>
  ) {
    %v0 = stablehlo.iota dim = 0 : tensor<4x4xi32>
    %v1 = stablehlo.iota dim = 1 : tensor<4x4xi32>
    %v2 = stablehlo.compare EQ, %v0, %v1, SIGNED : (tensor<4x4xi32>, tensor<4x4xi32>) -> tensor<4x4xi1>
    %v3 = stablehlo.broadcast_in_dim %arg0, dims = [1] : (tensor<4xf32>) -> tensor<4x4xf32>
    %v4 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v5 = stablehlo.broadcast_in_dim %v4, dims = [] : (tensor<f32>) -> tensor<4x4xf32>
    %v6 = stablehlo.select %v2, %v3, %v5 : tensor<4x4xi1>, tensor<4x4xf32>
    return %v6 : tensor<4x4xf32>
  }
}
