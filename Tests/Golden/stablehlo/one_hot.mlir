module @f {
  func.func public @main(
      %arg0: tensor<4xi32>
  ) -> (
      tensor<4x5xf32>
  ) {
    %v0 = stablehlo.iota dim = 1 : tensor<4x5xi32>
    %v1 = stablehlo.broadcast_in_dim %arg0, dims = [0] : (tensor<4xi32>) -> tensor<4x5xi32>
    %v2 = stablehlo.compare EQ, %v0, %v1, SIGNED : (tensor<4x5xi32>, tensor<4x5xi32>) -> tensor<4x5xi1>
    %v3 = stablehlo.convert %v2 : (tensor<4x5xi1>) -> tensor<4x5xf32>
    return %v3 : tensor<4x5xf32>
  }
}
