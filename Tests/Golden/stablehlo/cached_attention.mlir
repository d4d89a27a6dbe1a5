module @f {
  func.func public @main(
      %arg0: tensor<2x6xf32>,
      %arg1: tensor<2x6xf32>,
      %arg2: tensor<2x6xf32>,
      %arg3: tensor<6x4xf32>,
      %arg4: tensor<4x6xf32>,
      %arg5: tensor<2xi32>
  ) -> (
      tensor<2x6xf32>,
      tensor<6x4xf32>,
      tensor<4x6xf32>
  ) {
    %v0 = stablehlo.reshape %arg0 : (tensor<2x6xf32>) -> tensor<2x2x1x3xf32>
    %v1 = stablehlo.reshape %arg1 : (tensor<2x6xf32>) -> tensor<2x2x3xf32>
    %v2 = stablehlo.constant dense<0> : tensor<i32>
    %v3 = stablehlo.broadcast_in_dim %v2, dims = [] : (tensor<i32>) -> tensor<2xi32>
    %v4 = stablehlo.compare GE, %arg5, %v3, SIGNED : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi1>
    %v5 = stablehlo.constant dense<4> : tensor<i32>
    %v6 = stablehlo.broadcast_in_dim %v5, dims = [] : (tensor<i32>) -> tensor<2xi32>
    %v7 = stablehlo.compare LT, %arg5, %v6, SIGNED : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi1>
    %v8 = stablehlo.and %v4, %v7 : tensor<2xi1>
    %v9 = stablehlo.slice %arg5 [0:1:1] : (tensor<2xi32>) -> tensor<1xi32>
    %v10 = stablehlo.reshape %v9 : (tensor<1xi32>) -> tensor<i32>
    %v11 = stablehlo.slice %v1 [0:1:1, 0:2:1, 0:3:1] : (tensor<2x2x3xf32>) -> tensor<1x2x3xf32>
    %v12 = stablehlo.reshape %v11 : (tensor<1x2x3xf32>) -> tensor<6xf32>
    %v13 = stablehlo.broadcast_in_dim %v12, dims = [0] : (tensor<6xf32>) -> tensor<6x4xf32>
    %v14 = stablehlo.slice %arg2 [0:1:1, 0:6:1] : (tensor<2x6xf32>) -> tensor<1x6xf32>
    %v15 = stablehlo.reshape %v14 : (tensor<1x6xf32>) -> tensor<6xf32>
    %v16 = stablehlo.broadcast_in_dim %v15, dims = [1] : (tensor<6xf32>) -> tensor<4x6xf32>
    %v17 = stablehlo.iota dim = 1 : tensor<6x4xi32>
    %v18 = stablehlo.broadcast_in_dim %v10, dims = [] : (tensor<i32>) -> tensor<6x4xi32>
    %v19 = stablehlo.compare EQ, %v17, %v18, SIGNED : (tensor<6x4xi32>, tensor<6x4xi32>) -> tensor<6x4xi1>
    %v20 = stablehlo.select %v19, %v13, %arg3 : tensor<6x4xi1>, tensor<6x4xf32>
    %v21 = stablehlo.iota dim = 0 : tensor<4x6xi32>
    %v22 = stablehlo.broadcast_in_dim %v10, dims = [] : (tensor<i32>) -> tensor<4x6xi32>
    %v23 = stablehlo.compare EQ, %v21, %v22, SIGNED : (tensor<4x6xi32>, tensor<4x6xi32>) -> tensor<4x6xi1>
    %v24 = stablehlo.select %v23, %v16, %arg4 : tensor<4x6xi1>, tensor<4x6xf32>
    %v25 = stablehlo.slice %v0 [0:1:1, 0:2:1, 0:1:1, 0:3:1] : (tensor<2x2x1x3xf32>) -> tensor<1x2x1x3xf32>
    %v26 = stablehlo.reshape %v25 : (tensor<1x2x1x3xf32>) -> tensor<2x1x3xf32>
    %v27 = stablehlo.reshape %v20 : (tensor<6x4xf32>) -> tensor<2x3x4xf32>
    %v28 = stablehlo.reshape %v24 : (tensor<4x6xf32>) -> tensor<4x2x3xf32>
    %v29 = stablehlo.dot_general %v26, %v27, batching_dims = [0] x [0], contracting_dims = [2] x [1], precision = [HIGHEST, HIGHEST] : (tensor<2x1x3xf32>, tensor<2x3x4xf32>) -> tensor<2x1x4xf32>
    %v30 = stablehlo.constant dense<0x3F333333> : tensor<f32>
    %v31 = stablehlo.broadcast_in_dim %v30, dims = [] : (tensor<f32>) -> tensor<2x1x4xf32>
    %v32 = stablehlo.multiply %v29, %v31 : tensor<2x1x4xf32>
    %v33 = stablehlo.iota dim = 2 : tensor<2x1x4xi32>
    %v34 = stablehlo.broadcast_in_dim %v10, dims = [] : (tensor<i32>) -> tensor<2x1x4xi32>
    %v35 = stablehlo.compare LE, %v33, %v34, SIGNED : (tensor<2x1x4xi32>, tensor<2x1x4xi32>) -> tensor<2x1x4xi1>
    %v36 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %v37 = stablehlo.broadcast_in_dim %v36, dims = [] : (tensor<f32>) -> tensor<2x1x4xf32>
    %v38 = stablehlo.select %v35, %v32, %v37 : tensor<2x1x4xi1>, tensor<2x1x4xf32>
    %v39 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %v40 = stablehlo.reduce(%v38 init: %v39) applies stablehlo.maximum across dimensions = [2] : (tensor<2x1x4xf32>, tensor<f32>) -> tensor<2x1xf32>
    %v41 = stablehlo.broadcast_in_dim %v40, dims = [0, 1] : (tensor<2x1xf32>) -> tensor<2x1x4xf32>
    %v42 = stablehlo.subtract %v38, %v41 : tensor<2x1x4xf32>
    %v43 = stablehlo.exponential %v42 : tensor<2x1x4xf32>
    %v44 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v45 = stablehlo.reduce(%v43 init: %v44) applies stablehlo.add across dimensions = [2] : (tensor<2x1x4xf32>, tensor<f32>) -> tensor<2x1xf32>
    %v46 = stablehlo.broadcast_in_dim %v45, dims = [0, 1] : (tensor<2x1xf32>) -> tensor<2x1x4xf32>
    %v47 = stablehlo.divide %v43, %v46 : tensor<2x1x4xf32>
    %v48 = stablehlo.dot_general %v47, %v28, batching_dims = [0] x [1], contracting_dims = [2] x [0], precision = [HIGHEST, HIGHEST] : (tensor<2x1x4xf32>, tensor<4x2x3xf32>) -> tensor<2x1x3xf32>
    %v49 = stablehlo.slice %v8 [0:1:1] : (tensor<2xi1>) -> tensor<1xi1>
    %v50 = stablehlo.reshape %v49 : (tensor<1xi1>) -> tensor<i1>
    %v51 = stablehlo.broadcast_in_dim %v50, dims = [] : (tensor<i1>) -> tensor<2x1x3xi1>
    %v52 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v53 = stablehlo.broadcast_in_dim %v52, dims = [] : (tensor<f32>) -> tensor<2x1x3xf32>
    %v54 = stablehlo.select %v51, %v48, %v53 : tensor<2x1x3xi1>, tensor<2x1x3xf32>
    %v55 = stablehlo.reshape %v54 : (tensor<2x1x3xf32>) -> tensor<1x6xf32>
    %v56 = stablehlo.slice %arg5 [1:2:1] : (tensor<2xi32>) -> tensor<1xi32>
    %v57 = stablehlo.reshape %v56 : (tensor<1xi32>) -> tensor<i32>
    %v58 = stablehlo.slice %v1 [1:2:1, 0:2:1, 0:3:1] : (tensor<2x2x3xf32>) -> tensor<1x2x3xf32>
    %v59 = stablehlo.reshape %v58 : (tensor<1x2x3xf32>) -> tensor<6xf32>
    %v60 = stablehlo.broadcast_in_dim %v59, dims = [0] : (tensor<6xf32>) -> tensor<6x4xf32>
    %v61 = stablehlo.slice %arg2 [1:2:1, 0:6:1] : (tensor<2x6xf32>) -> tensor<1x6xf32>
    %v62 = stablehlo.reshape %v61 : (tensor<1x6xf32>) -> tensor<6xf32>
    %v63 = stablehlo.broadcast_in_dim %v62, dims = [1] : (tensor<6xf32>) -> tensor<4x6xf32>
    %v64 = stablehlo.iota dim = 1 : tensor<6x4xi32>
    %v65 = stablehlo.broadcast_in_dim %v57, dims = [] : (tensor<i32>) -> tensor<6x4xi32>
    %v66 = stablehlo.compare EQ, %v64, %v65, SIGNED : (tensor<6x4xi32>, tensor<6x4xi32>) -> tensor<6x4xi1>
    %v67 = stablehlo.select %v66, %v60, %v20 : tensor<6x4xi1>, tensor<6x4xf32>
    %v68 = stablehlo.iota dim = 0 : tensor<4x6xi32>
    %v69 = stablehlo.broadcast_in_dim %v57, dims = [] : (tensor<i32>) -> tensor<4x6xi32>
    %v70 = stablehlo.compare EQ, %v68, %v69, SIGNED : (tensor<4x6xi32>, tensor<4x6xi32>) -> tensor<4x6xi1>
    %v71 = stablehlo.select %v70, %v63, %v24 : tensor<4x6xi1>, tensor<4x6xf32>
    %v72 = stablehlo.slice %v0 [1:2:1, 0:2:1, 0:1:1, 0:3:1] : (tensor<2x2x1x3xf32>) -> tensor<1x2x1x3xf32>
    %v73 = stablehlo.reshape %v72 : (tensor<1x2x1x3xf32>) -> tensor<2x1x3xf32>
    %v74 = stablehlo.reshape %v67 : (tensor<6x4xf32>) -> tensor<2x3x4xf32>
    %v75 = stablehlo.reshape %v71 : (tensor<4x6xf32>) -> tensor<4x2x3xf32>
    %v76 = stablehlo.dot_general %v73, %v74, batching_dims = [0] x [0], contracting_dims = [2] x [1], precision = [HIGHEST, HIGHEST] : (tensor<2x1x3xf32>, tensor<2x3x4xf32>) -> tensor<2x1x4xf32>
    %v77 = stablehlo.constant dense<0x3F333333> : tensor<f32>
    %v78 = stablehlo.broadcast_in_dim %v77, dims = [] : (tensor<f32>) -> tensor<2x1x4xf32>
    %v79 = stablehlo.multiply %v76, %v78 : tensor<2x1x4xf32>
    %v80 = stablehlo.iota dim = 2 : tensor<2x1x4xi32>
    %v81 = stablehlo.broadcast_in_dim %v57, dims = [] : (tensor<i32>) -> tensor<2x1x4xi32>
    %v82 = stablehlo.compare LE, %v80, %v81, SIGNED : (tensor<2x1x4xi32>, tensor<2x1x4xi32>) -> tensor<2x1x4xi1>
    %v83 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %v84 = stablehlo.broadcast_in_dim %v83, dims = [] : (tensor<f32>) -> tensor<2x1x4xf32>
    %v85 = stablehlo.select %v82, %v79, %v84 : tensor<2x1x4xi1>, tensor<2x1x4xf32>
    %v86 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %v87 = stablehlo.reduce(%v85 init: %v86) applies stablehlo.maximum across dimensions = [2] : (tensor<2x1x4xf32>, tensor<f32>) -> tensor<2x1xf32>
    %v88 = stablehlo.broadcast_in_dim %v87, dims = [0, 1] : (tensor<2x1xf32>) -> tensor<2x1x4xf32>
    %v89 = stablehlo.subtract %v85, %v88 : tensor<2x1x4xf32>
    %v90 = stablehlo.exponential %v89 : tensor<2x1x4xf32>
    %v91 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v92 = stablehlo.reduce(%v90 init: %v91) applies stablehlo.add across dimensions = [2] : (tensor<2x1x4xf32>, tensor<f32>) -> tensor<2x1xf32>
    %v93 = stablehlo.broadcast_in_dim %v92, dims = [0, 1] : (tensor<2x1xf32>) -> tensor<2x1x4xf32>
    %v94 = stablehlo.divide %v90, %v93 : tensor<2x1x4xf32>
    %v95 = stablehlo.dot_general %v94, %v75, batching_dims = [0] x [1], contracting_dims = [2] x [0], precision = [HIGHEST, HIGHEST] : (tensor<2x1x4xf32>, tensor<4x2x3xf32>) -> tensor<2x1x3xf32>
    %v96 = stablehlo.slice %v8 [1:2:1] : (tensor<2xi1>) -> tensor<1xi1>
    %v97 = stablehlo.reshape %v96 : (tensor<1xi1>) -> tensor<i1>
    %v98 = stablehlo.broadcast_in_dim %v97, dims = [] : (tensor<i1>) -> tensor<2x1x3xi1>
    %v99 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v100 = stablehlo.broadcast_in_dim %v99, dims = [] : (tensor<f32>) -> tensor<2x1x3xf32>
    %v101 = stablehlo.select %v98, %v95, %v100 : tensor<2x1x3xi1>, tensor<2x1x3xf32>
    %v102 = stablehlo.reshape %v101 : (tensor<2x1x3xf32>) -> tensor<1x6xf32>
    %v103 = stablehlo.concatenate %v55, %v102, dim = 0 : (tensor<1x6xf32>, tensor<1x6xf32>) -> tensor<2x6xf32>
    return %v103, %v67, %v71 : tensor<2x6xf32>, tensor<6x4xf32>, tensor<4x6xf32>
  }
}
