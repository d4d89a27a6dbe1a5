module @f {
  func.func public @main(
      %arg0: tensor<3x4xf32>
  ) -> (
      tensor<3x4xf32>
  ) {
    %v0 = stablehlo.multiply %arg0, %arg0 : tensor<3x4xf32>
    %v1 = stablehlo.constant dense<0xBF000000> : tensor<f32>
    %v2 = stablehlo.broadcast_in_dim %v1, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v3 = stablehlo.multiply %v0, %v2 : tensor<3x4xf32>
    %v4 = stablehlo.exponential %v3 : tensor<3x4xf32>
    %v5 = stablehlo.constant dense<0x3ECC422A> : tensor<f32>
    %v6 = stablehlo.broadcast_in_dim %v5, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v7 = stablehlo.multiply %v4, %v6 : tensor<3x4xf32>
    %v8 = stablehlo.constant dense<0x3F3504F3> : tensor<f32>
    %v9 = stablehlo.broadcast_in_dim %v8, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v10 = stablehlo.multiply %arg0, %v9 : tensor<3x4xf32>
    %v11 = stablehlo.constant dense<0x407547CB> : tensor<f32>
    %v12 = stablehlo.broadcast_in_dim %v11, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v13 = stablehlo.minimum %v10, %v12 : tensor<3x4xf32>
    %v14 = stablehlo.constant dense<0xC07547CB> : tensor<f32>
    %v15 = stablehlo.broadcast_in_dim %v14, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v16 = stablehlo.maximum %v13, %v15 : tensor<3x4xf32>
    %v17 = stablehlo.multiply %v16, %v16 : tensor<3x4xf32>
    %v18 = stablehlo.constant dense<0x39702D51> : tensor<f32>
    %v19 = stablehlo.broadcast_in_dim %v18, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v20 = stablehlo.multiply %v17, %v19 : tensor<3x4xf32>
    %v21 = stablehlo.constant dense<0x3B5F5DA2> : tensor<f32>
    %v22 = stablehlo.broadcast_in_dim %v21, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v23 = stablehlo.add %v20, %v22 : tensor<3x4xf32>
    %v24 = stablehlo.multiply %v23, %v17 : tensor<3x4xf32>
    %v25 = stablehlo.constant dense<0x3D50B6EB> : tensor<f32>
    %v26 = stablehlo.broadcast_in_dim %v25, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v27 = stablehlo.add %v24, %v26 : tensor<3x4xf32>
    %v28 = stablehlo.multiply %v27, %v17 : tensor<3x4xf32>
    %v29 = stablehlo.constant dense<0x3E3DA740> : tensor<f32>
    %v30 = stablehlo.broadcast_in_dim %v29, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v31 = stablehlo.add %v28, %v30 : tensor<3x4xf32>
    %v32 = stablehlo.multiply %v31, %v17 : tensor<3x4xf32>
    %v33 = stablehlo.constant dense<0x3F906EBA> : tensor<f32>
    %v34 = stablehlo.broadcast_in_dim %v33, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v35 = stablehlo.add %v32, %v34 : tensor<3x4xf32>
    %v36 = stablehlo.constant dense<0xB3FD3906> : tensor<f32>
    %v37 = stablehlo.broadcast_in_dim %v36, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v38 = stablehlo.multiply %v17, %v37 : tensor<3x4xf32>
    %v39 = stablehlo.constant dense<0x37C588DF> : tensor<f32>
    %v40 = stablehlo.broadcast_in_dim %v39, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v41 = stablehlo.add %v38, %v40 : tensor<3x4xf32>
    %v42 = stablehlo.multiply %v41, %v17 : tensor<3x4xf32>
    %v43 = stablehlo.constant dense<0x3A856D28> : tensor<f32>
    %v44 = stablehlo.broadcast_in_dim %v43, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v45 = stablehlo.add %v42, %v44 : tensor<3x4xf32>
    %v46 = stablehlo.multiply %v45, %v17 : tensor<3x4xf32>
    %v47 = stablehlo.constant dense<0x3C6687D4> : tensor<f32>
    %v48 = stablehlo.broadcast_in_dim %v47, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v49 = stablehlo.add %v46, %v48 : tensor<3x4xf32>
    %v50 = stablehlo.multiply %v49, %v17 : tensor<3x4xf32>
    %v51 = stablehlo.constant dense<0x3DE34C21> : tensor<f32>
    %v52 = stablehlo.broadcast_in_dim %v51, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v53 = stablehlo.add %v50, %v52 : tensor<3x4xf32>
    %v54 = stablehlo.multiply %v53, %v17 : tensor<3x4xf32>
    %v55 = stablehlo.constant dense<0x3EFEB44A> : tensor<f32>
    %v56 = stablehlo.broadcast_in_dim %v55, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v57 = stablehlo.add %v54, %v56 : tensor<3x4xf32>
    %v58 = stablehlo.multiply %v57, %v17 : tensor<3x4xf32>
    %v59 = stablehlo.constant dense<0x3F800000> : tensor<f32>
    %v60 = stablehlo.broadcast_in_dim %v59, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v61 = stablehlo.add %v58, %v60 : tensor<3x4xf32>
    %v62 = stablehlo.multiply %v16, %v35 : tensor<3x4xf32>
    %v63 = stablehlo.divide %v62, %v61 : tensor<3x4xf32>
    %v64 = stablehlo.constant dense<0x3F800000> : tensor<f32>
    %v65 = stablehlo.broadcast_in_dim %v64, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v66 = stablehlo.add %v63, %v65 : tensor<3x4xf32>
    %v67 = stablehlo.constant dense<0x3F000000> : tensor<f32>
    %v68 = stablehlo.broadcast_in_dim %v67, dims = [] : (tensor<f32>) -> tensor<3x4xf32>
    %v69 = stablehlo.multiply %v66, %v68 : tensor<3x4xf32>
    %v70 = stablehlo.multiply %arg0, %v7 : tensor<3x4xf32>
    %v71 = stablehlo.add %v69, %v70 : tensor<3x4xf32>
    return %v71 : tensor<3x4xf32>
  }
}
