module @f {
  func.func public @main(
      %arg0: tensor<3x4xf32>,
      %arg1: tensor<5xf32>,
      %arg2: tensor<f32>
  ) -> (
      tensor<f32>
  ) {
    %v0 = stablehlo.constant dense<0x0000000000000000> : tensor<f64>
    %v1 = stablehlo.convert %arg0 : (tensor<3x4xf32>) -> tensor<3x4xf64>
    %v2 = stablehlo.multiply %v1, %v1 : tensor<3x4xf64>
    %v3 = stablehlo.constant dense<0x0000000000000000> : tensor<f64>
    %v4 = stablehlo.reduce(%v2 init: %v3) applies stablehlo.add across dimensions = [0, 1] : (tensor<3x4xf64>, tensor<f64>) -> tensor<f64>
    %v5 = stablehlo.add %v0, %v4 : tensor<f64>
    %v6 = stablehlo.convert %arg1 : (tensor<5xf32>) -> tensor<5xf64>
    %v7 = stablehlo.multiply %v6, %v6 : tensor<5xf64>
    %v8 = stablehlo.constant dense<0x0000000000000000> : tensor<f64>
    %v9 = stablehlo.reduce(%v7 init: %v8) applies stablehlo.add across dimensions = [0] : (tensor<5xf64>, tensor<f64>) -> tensor<f64>
    %v10 = stablehlo.add %v5, %v9 : tensor<f64>
    %v11 = stablehlo.convert %arg2 : (tensor<f32>) -> tensor<f64>
    %v12 = stablehlo.multiply %v11, %v11 : tensor<f64>
    %v13 = stablehlo.add %v10, %v12 : tensor<f64>
    %v14 = stablehlo.sqrt %v13 : tensor<f64>
    %v15 = stablehlo.convert %v14 : (tensor<f64>) -> tensor<f32>
    return %v15 : tensor<f32>
  }
}
