module @f {
  func.func public @main(
      %arg0: tensor<4xi32>,
      %arg1: tensor<4x5xf32>
  ) -> (
      tensor<5x5xf32>
  ) {
    %v0 = stablehlo.constant dense<0x00000000> : tensor<5x5xf32>
    %v1 = "stablehlo.scatter"(%v0, %arg0, %arg1) <{indices_are_sorted = false, scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, unique_indices = false}> ({
      ^bb0(%l: tensor<f32>, %r: tensor<f32>):
        %s = stablehlo.add %l, %r : tensor<f32>
        stablehlo.return %s : tensor<f32>
    }) : (tensor<5x5xf32>, tensor<4xi32>, tensor<4x5xf32>) -> tensor<5x5xf32>
    return %v1 : tensor<5x5xf32>
  }
}
