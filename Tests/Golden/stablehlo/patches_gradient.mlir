module @f {
  func.func public @main(
      %arg0: tensor<40x18xf32>
  ) -> (
      tensor<2x4x5x2xf32>
  ) {
    %v0 = stablehlo.reshape %arg0 : (tensor<40x18xf32>) -> tensor<2x4x5x9x2xf32>
    %v1 = stablehlo.slice %v0 [0:2:1, 0:4:1, 0:5:1, 0:1:1, 0:2:1] : (tensor<2x4x5x9x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v2 = stablehlo.reshape %v1 : (tensor<2x4x5x1x2xf32>) -> tensor<2x4x5x2xf32>
    %v3 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v4 = stablehlo.pad %v2, %v3, low = [0, -1, -1, 0], high = [0, 1, 1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v5 = stablehlo.slice %v0 [0:2:1, 0:4:1, 0:5:1, 1:2:1, 0:2:1] : (tensor<2x4x5x9x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v6 = stablehlo.reshape %v5 : (tensor<2x4x5x1x2xf32>) -> tensor<2x4x5x2xf32>
    %v7 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v8 = stablehlo.pad %v6, %v7, low = [0, -1, 0, 0], high = [0, 1, 0, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v9 = stablehlo.add %v4, %v8 : tensor<2x4x5x2xf32>
    %v10 = stablehlo.slice %v0 [0:2:1, 0:4:1, 0:5:1, 2:3:1, 0:2:1] : (tensor<2x4x5x9x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v11 = stablehlo.reshape %v10 : (tensor<2x4x5x1x2xf32>) -> tensor<2x4x5x2xf32>
    %v12 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v13 = stablehlo.pad %v11, %v12, low = [0, -1, 1, 0], high = [0, 1, -1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v14 = stablehlo.add %v9, %v13 : tensor<2x4x5x2xf32>
    %v15 = stablehlo.slice %v0 [0:2:1, 0:4:1, 0:5:1, 3:4:1, 0:2:1] : (tensor<2x4x5x9x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v16 = stablehlo.reshape %v15 : (tensor<2x4x5x1x2xf32>) -> tensor<2x4x5x2xf32>
    %v17 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v18 = stablehlo.pad %v16, %v17, low = [0, 0, -1, 0], high = [0, 0, 1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v19 = stablehlo.add %v14, %v18 : tensor<2x4x5x2xf32>
    %v20 = stablehlo.slice %v0 [0:2:1, 0:4:1, 0:5:1, 4:5:1, 0:2:1] : (tensor<2x4x5x9x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v21 = stablehlo.reshape %v20 : (tensor<2x4x5x1x2xf32>) -> tensor<2x4x5x2xf32>
    %v22 = stablehlo.add %v19, %v21 : tensor<2x4x5x2xf32>
    %v23 = stablehlo.slice %v0 [0:2:1, 0:4:1, 0:5:1, 5:6:1, 0:2:1] : (tensor<2x4x5x9x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v24 = stablehlo.reshape %v23 : (tensor<2x4x5x1x2xf32>) -> tensor<2x4x5x2xf32>
    %v25 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v26 = stablehlo.pad %v24, %v25, low = [0, 0, 1, 0], high = [0, 0, -1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v27 = stablehlo.add %v22, %v26 : tensor<2x4x5x2xf32>
    %v28 = stablehlo.slice %v0 [0:2:1, 0:4:1, 0:5:1, 6:7:1, 0:2:1] : (tensor<2x4x5x9x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v29 = stablehlo.reshape %v28 : (tensor<2x4x5x1x2xf32>) -> tensor<2x4x5x2xf32>
    %v30 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v31 = stablehlo.pad %v29, %v30, low = [0, 1, -1, 0], high = [0, -1, 1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v32 = stablehlo.add %v27, %v31 : tensor<2x4x5x2xf32>
    %v33 = stablehlo.slice %v0 [0:2:1, 0:4:1, 0:5:1, 7:8:1, 0:2:1] : (tensor<2x4x5x9x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v34 = stablehlo.reshape %v33 : (tensor<2x4x5x1x2xf32>) -> tensor<2x4x5x2xf32>
    %v35 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v36 = stablehlo.pad %v34, %v35, low = [0, 1, 0, 0], high = [0, -1, 0, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v37 = stablehlo.add %v32, %v36 : tensor<2x4x5x2xf32>
    %v38 = stablehlo.slice %v0 [0:2:1, 0:4:1, 0:5:1, 8:9:1, 0:2:1] : (tensor<2x4x5x9x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v39 = stablehlo.reshape %v38 : (tensor<2x4x5x1x2xf32>) -> tensor<2x4x5x2xf32>
    %v40 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v41 = stablehlo.pad %v39, %v40, low = [0, 1, 1, 0], high = [0, -1, -1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v42 = stablehlo.add %v37, %v41 : tensor<2x4x5x2xf32>
    return %v42 : tensor<2x4x5x2xf32>
  }
}
