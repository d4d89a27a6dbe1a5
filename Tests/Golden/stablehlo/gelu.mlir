module @f {
  func.func public @main(
      %arg0: tensor<3x4xf32>
  ) -> (
      tensor<3x4xf32>
  ) {
    %v0 = stablehlo.constant dense<0x3F3504F3> : tensor<f32>
    %v1 = stablehlo.broadcast_in_dim %v0, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v2 = stablehlo.multiply %arg0, %v1 : tensor<3x4xf32>
    %v3 = stablehlo.constant dense<0x407547CB> : tensor<f32>
    %v4 = stablehlo.broadcast_in_dim %v3, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v5 = stablehlo.minimum %v2, %v4 : tensor<3x4xf32>
    %v6 = stablehlo.constant dense<0xC07547CB> : tensor<f32>
    %v7 = stablehlo.broadcast_in_dim %v6, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v8 = stablehlo.maximum %v5, %v7 : tensor<3x4xf32>
    %v9 = stablehlo.multiply %v8, %v8 : tensor<3x4xf32>
    %v10 = stablehlo.constant dense<0x39702D51> : tensor<f32>
    %v11 = stablehlo.broadcast_in_dim %v10, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v12 = stablehlo.multiply %v9, %v11 : tensor<3x4xf32>
    %v13 = stablehlo.constant dense<0x3B5F5DA2> : tensor<f32>
    %v14 = stablehlo.broadcast_in_dim %v13, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v15 = stablehlo.add %v12, %v14 : tensor<3x4xf32>
    %v16 = stablehlo.multiply %v15, %v9 : tensor<3x4xf32>
    %v17 = stablehlo.constant dense<0x3D50B6EB> : tensor<f32>
    %v18 = stablehlo.broadcast_in_dim %v17, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v19 = stablehlo.add %v16, %v18 : tensor<3x4xf32>
    %v20 = stablehlo.multiply %v19, %v9 : tensor<3x4xf32>
    %v21 = stablehlo.constant dense<0x3E3DA740> : tensor<f32>
    %v22 = stablehlo.broadcast_in_dim %v21, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v23 = stablehlo.add %v20, %v22 : tensor<3x4xf32>
    %v24 = stablehlo.multiply %v23, %v9 : tensor<3x4xf32>
    %v25 = stablehlo.constant dense<0x3F906EBA> : tensor<f32>
    %v26 = stablehlo.broadcast_in_dim %v25, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v27 = stablehlo.add %v24, %v26 : tensor<3x4xf32>
    %v28 = stablehlo.constant dense<0xB3FD3906> : tensor<f32>
    %v29 = stablehlo.broadcast_in_dim %v28, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v30 = stablehlo.multiply %v9, %v29 : tensor<3x4xf32>
    %v31 = stablehlo.constant dense<0x37C588DF> : tensor<f32>
    %v32 = stablehlo.broadcast_in_dim %v31, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v33 = stablehlo.add %v30, %v32 : tensor<3x4xf32>
    %v34 = stablehlo.multiply %v33, %v9 : tensor<3x4xf32>
    %v35 = stablehlo.constant dense<0x3A856D28> : tensor<f32>
    %v36 = stablehlo.broadcast_in_dim %v35, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v37 = stablehlo.add %v34, %v36 : tensor<3x4xf32>
    %v38 = stablehlo.multiply %v37, %v9 : tensor<3x4xf32>
    %v39 = stablehlo.constant dense<0x3C6687D4> : tensor<f32>
    %v40 = stablehlo.broadcast_in_dim %v39, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v41 = stablehlo.add %v38, %v40 : tensor<3x4xf32>
    %v42 = stablehlo.multiply %v41, %v9 : tensor<3x4xf32>
    %v43 = stablehlo.constant dense<0x3DE34C21> : tensor<f32>
    %v44 = stablehlo.broadcast_in_dim %v43, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v45 = stablehlo.add %v42, %v44 : tensor<3x4xf32>
    %v46 = stablehlo.multiply %v45, %v9 : tensor<3x4xf32>
    %v47 = stablehlo.constant dense<0x3EFEB44A> : tensor<f32>
    %v48 = stablehlo.broadcast_in_dim %v47, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v49 = stablehlo.add %v46, %v48 : tensor<3x4xf32>
    %v50 = stablehlo.multiply %v49, %v9 : tensor<3x4xf32>
    %v51 = stablehlo.constant dense<0x3F800000> : tensor<f32>
    %v52 = stablehlo.broadcast_in_dim %v51, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v53 = stablehlo.add %v50, %v52 : tensor<3x4xf32>
    %v54 = stablehlo.multiply %v8, %v27 : tensor<3x4xf32>
    %v55 = stablehlo.divide %v54, %v53 : tensor<3x4xf32>
    %v56 = stablehlo.constant dense<0x3F800000> : tensor<f32>
    %v57 = stablehlo.broadcast_in_dim %v56, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v58 = stablehlo.add %v55, %v57 : tensor<3x4xf32>
    %v59 = stablehlo.constant dense<0x3F000000> : tensor<f32>
    %v60 = stablehlo.broadcast_in_dim %v59, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v61 = stablehlo.multiply %v58, %v60 : tensor<3x4xf32>
    %v62 = stablehlo.multiply %arg0, %v61 : tensor<3x4xf32>
    return %v62 : tensor<3x4xf32>
  }
}
