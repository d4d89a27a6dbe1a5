module @f {
  func.func public @main(
      %arg0: tensor<2x4x5x2xf32>
  ) -> (
      tensor<2x4x5x2xf32>
  ) {
    %v0 = stablehlo.constant dense<"0x000080400000C0400000C0400000C040000080400000C0400000104100001041000010410000C0400000C0400000104100001041000010410000C040000080400000C0400000C0400000C04000008040"> : tensor<4x5xf32>
    %v1 = stablehlo.broadcast_in_dim %v0, dims = [1, 2] : (tensor<4x5xf32>) -> tensor<2x4x5x2xf32>
    %v2 = stablehlo.divide %arg0, %v1 : tensor<2x4x5x2xf32>
    %v3 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v4 = stablehlo.pad %v2, %v3, low = [0, -1, -1, 0], high = [0, 1, 1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v5 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v6 = stablehlo.pad %v2, %v5, low = [0, -1, 0, 0], high = [0, 1, 0, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v7 = stablehlo.add %v4, %v6 : tensor<2x4x5x2xf32>
    %v8 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v9 = stablehlo.pad %v2, %v8, low = [0, -1, 1, 0], high = [0, 1, -1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v10 = stablehlo.add %v7, %v9 : tensor<2x4x5x2xf32>
    %v11 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v12 = stablehlo.pad %v2, %v11, low = [0, 0, -1, 0], high = [0, 0, 1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v13 = stablehlo.add %v10, %v12 : tensor<2x4x5x2xf32>
    %v14 = stablehlo.add %v13, %v2 : tensor<2x4x5x2xf32>
    %v15 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v16 = stablehlo.pad %v2, %v15, low = [0, 0, 1, 0], high = [0, 0, -1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v17 = stablehlo.add %v14, %v16 : tensor<2x4x5x2xf32>
    %v18 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v19 = stablehlo.pad %v2, %v18, low = [0, 1, -1, 0], high = [0, -1, 1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v20 = stablehlo.add %v17, %v19 : tensor<2x4x5x2xf32>
    %v21 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v22 = stablehlo.pad %v2, %v21, low = [0, 1, 0, 0], high = [0, -1, 0, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v23 = stablehlo.add %v20, %v22 : tensor<2x4x5x2xf32>
    %v24 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v25 = stablehlo.pad %v2, %v24, low = [0, 1, 1, 0], high = [0, -1, -1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v26 = stablehlo.add %v23, %v25 : tensor<2x4x5x2xf32>
    return %v26 : tensor<2x4x5x2xf32>
  }
}
