module @f {
  func.func public @main(
      %arg0: tensor<2x4x5x2xf32>
  ) -> (
      tensor<40x18xf32>
  ) {
    %v0 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v1 = stablehlo.pad %arg0, %v0, low = [0, 1, 1, 0], high = [0, 1, 1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x6x7x2xf32>
    %v2 = stablehlo.slice %v1 [0:2:1, 0:4:1, 0:5:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v3 = stablehlo.reshape %v2 : (tensor<2x4x5x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v4 = stablehlo.slice %v1 [0:2:1, 0:4:1, 1:6:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v5 = stablehlo.reshape %v4 : (tensor<2x4x5x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v6 = stablehlo.slice %v1 [0:2:1, 0:4:1, 2:7:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v7 = stablehlo.reshape %v6 : (tensor<2x4x5x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v8 = stablehlo.slice %v1 [0:2:1, 1:5:1, 0:5:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v9 = stablehlo.reshape %v8 : (tensor<2x4x5x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v10 = stablehlo.slice %v1 [0:2:1, 1:5:1, 1:6:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v11 = stablehlo.reshape %v10 : (tensor<2x4x5x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v12 = stablehlo.slice %v1 [0:2:1, 1:5:1, 2:7:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v13 = stablehlo.reshape %v12 : (tensor<2x4x5x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v14 = stablehlo.slice %v1 [0:2:1, 2:6:1, 0:5:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v15 = stablehlo.reshape %v14 : (tensor<2x4x5x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v16 = stablehlo.slice %v1 [0:2:1, 2:6:1, 1:6:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v17 = stablehlo.reshape %v16 : (tensor<2x4x5x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v18 = stablehlo.slice %v1 [0:2:1, 2:6:1, 2:7:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v19 = stablehlo.reshape %v18 : (tensor<2x4x5x2xf32>) -> tensor<2x4x5x1x2xf32>
    %v20 = stablehlo.concatenate %v3, %v5, %v7, %v9, %v11, %v13, %v15, %v17, %v19, dim = 3 : (tensor<2x4x5x1x2xf32>, tensor<2x4x5x1x2xf32>, tensor<2x4x5x1x2xf32>, tensor<2x4x5x1x2xf32>, tensor<2x4x5x1x2xf32>, tensor<2x4x5x1x2xf32>, tensor<2x4x5x1x2xf32>, tensor<2x4x5x1x2xf32>, tensor<2x4x5x1x2xf32>) -> tensor<2x4x5x9x2xf32>
    %v21 = stablehlo.reshape %v20 : (tensor<2x4x5x9x2xf32>) -> tensor<40x18xf32>
    return %v21 : tensor<40x18xf32>
  }
}
