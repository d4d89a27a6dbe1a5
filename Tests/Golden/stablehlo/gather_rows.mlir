module @f {
  func.func public @main(
      %arg0: tensor<4xi32>,
      %arg1: tensor<4x5xf32>
  ) -> (
      tensor<4x5xf32>
  ) {
    %v0 = "stablehlo.gather"(%arg1, %arg0) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 1, 5>}> : (tensor<4x5xf32>, tensor<4xi32>) -> tensor<4x5xf32>
    %v1 = stablehlo.constant dense<0> : tensor<i32>
    %v2 = stablehlo.broadcast_in_dim %v1, dims = [] : (tensor<i32>) -> tensor<4xi32>
    %v3 = stablehlo.compare GE, %arg0, %v2, SIGNED : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi1>
    %v4 = stablehlo.constant dense<4> : tensor<i32>
    %v5 = stablehlo.broadcast_in_dim %v4, dims = [] : (tensor<i32>) -> tensor<4xi32>
    %v6 = stablehlo.compare LT, %arg0, %v5, SIGNED : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi1>
    %v7 = stablehlo.and %v3, %v6 : tensor<4xi1>
    %v8 = stablehlo.broadcast_in_dim %v7, dims = [0] : (tensor<4xi1>) -> tensor<4x5xi1>
    %v9 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v10 = stablehlo.broadcast_in_dim %v9, dims = [] : (tensor<f32>) -> tensor<4x5xf32>
    %v11 = stablehlo.select %v8, %v0, %v10 : tensor<4x5xi1>, tensor<4x5xf32>
    return %v11 : tensor<4x5xf32>
  }
}
