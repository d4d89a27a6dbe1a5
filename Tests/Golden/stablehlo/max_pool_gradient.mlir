module @f {
  func.func public @main(
      %arg0: tensor<2x4x5x2xf32>,
      %arg1: tensor<2x4x5x2xf32>
  ) -> (
      tensor<2x4x5x2xf32>
  ) {
    %v0 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %v1 = stablehlo.pad %arg0, %v0, low = [0, 1, 1, 0], high = [0, 1, 1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x6x7x2xf32>
    %v2 = stablehlo.slice %v1 [0:2:1, 0:4:1, 0:5:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v3 = stablehlo.constant dense<0> : tensor<2x4x5x2xi32>
    %v4 = stablehlo.slice %v1 [0:2:1, 0:4:1, 1:6:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v5 = stablehlo.compare GT, %v4, %v2, FLOAT : (tensor<2x4x5x2xf32>, tensor<2x4x5x2xf32>) -> tensor<2x4x5x2xi1>
    %v6 = stablehlo.compare NE, %v4, %v4, FLOAT : (tensor<2x4x5x2xf32>, tensor<2x4x5x2xf32>) -> tensor<2x4x5x2xi1>
    %v7 = stablehlo.or %v5, %v6 : tensor<2x4x5x2xi1>
    %v8 = stablehlo.select %v7, %v4, %v2 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v9 = stablehlo.constant dense<1> : tensor<i32>
    %v10 = stablehlo.broadcast_in_dim %v9, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v11 = stablehlo.select %v7, %v10, %v3 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xi32>
    %v12 = stablehlo.slice %v1 [0:2:1, 0:4:1, 2:7:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v13 = stablehlo.compare GT, %v12, %v8, FLOAT : (tensor<2x4x5x2xf32>, tensor<2x4x5x2xf32>) -> tensor<2x4x5x2xi1>
    %v14 = stablehlo.compare NE, %v12, %v12, FLOAT : (tensor<2x4x5x2xf32>, tensor<2x4x5x2xf32>) -> tensor<2x4x5x2xi1>
    %v15 = stablehlo.or %v13, %v14 : tensor<2x4x5x2xi1>
    %v16 = stablehlo.select %v15, %v12, %v8 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v17 = stablehlo.constant dense<2> : tensor<i32>
    %v18 = stablehlo.broadcast_in_dim %v17, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v19 = stablehlo.select %v15, %v18, %v11 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xi32>
    %v20 = stablehlo.slice %v1 [0:2:1, 1:5:1, 0:5:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v21 = stablehlo.compare GT, %v20, %v16, FLOAT : (tensor<2x4x5x2xf32>, tensor<2x4x5x2xf32>) -> tensor<2x4x5x2xi1>
    %v22 = stablehlo.compare NE, %v20, %v20, FLOAT : (tensor<2x4x5x2xf32>, tensor<2x4x5x2xf32>) -> tensor<2x4x5x2xi1>
    %v23 = stablehlo.or %v21, %v22 : tensor<2x4x5x2xi1>
    %v24 = stablehlo.select %v23, %v20, %v16 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v25 = stablehlo.constant dense<3> : tensor<i32>
    %v26 = stablehlo.broadcast_in_dim %v25, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v27 = stablehlo.select %v23, %v26, %v19 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xi32>
    %v28 = stablehlo.slice %v1 [0:2:1, 1:5:1, 1:6:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v29 = stablehlo.compare GT, %v28, %v24, FLOAT : (tensor<2x4x5x2xf32>, tensor<2x4x5x2xf32>) -> tensor<2x4x5x2xi1>
    %v30 = stablehlo.compare NE, %v28, %v28, FLOAT : (tensor<2x4x5x2xf32>, tensor<2x4x5x2xf32>) -> tensor<2x4x5x2xi1>
    %v31 = stablehlo.or %v29, %v30 : tensor<2x4x5x2xi1>
    %v32 = stablehlo.select %v31, %v28, %v24 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v33 = stablehlo.constant dense<4> : tensor<i32>
    %v34 = stablehlo.broadcast_in_dim %v33, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v35 = stablehlo.select %v31, %v34, %v27 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xi32>
    %v36 = stablehlo.slice %v1 [0:2:1, 1:5:1, 2:7:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v37 = stablehlo.compare GT, %v36, %v32, FLOAT : (tensor<2x4x5x2xf32>, tensor<2x4x5x2xf32>) -> tensor<2x4x5x2xi1>
    %v38 = stablehlo.compare NE, %v36, %v36, FLOAT : (tensor<2x4x5x2xf32>, tensor<2x4x5x2xf32>) -> tensor<2x4x5x2xi1>
    %v39 = stablehlo.or %v37, %v38 : tensor<2x4x5x2xi1>
    %v40 = stablehlo.select %v39, %v36, %v32 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v41 = stablehlo.constant dense<5> : tensor<i32>
    %v42 = stablehlo.broadcast_in_dim %v41, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v43 = stablehlo.select %v39, %v42, %v35 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xi32>
    %v44 = stablehlo.slice %v1 [0:2:1, 2:6:1, 0:5:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v45 = stablehlo.compare GT, %v44, %v40, FLOAT : (tensor<2x4x5x2xf32>, tensor<2x4x5x2xf32>) -> tensor<2x4x5x2xi1>
    %v46 = stablehlo.compare NE, %v44, %v44, FLOAT : (tensor<2x4x5x2xf32>, tensor<2x4x5x2xf32>) -> tensor<2x4x5x2xi1>
    %v47 = stablehlo.or %v45, %v46 : tensor<2x4x5x2xi1>
    %v48 = stablehlo.select %v47, %v44, %v40 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v49 = stablehlo.constant dense<6> : tensor<i32>
    %v50 = stablehlo.broadcast_in_dim %v49, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v51 = stablehlo.select %v47, %v50, %v43 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xi32>
    %v52 = stablehlo.slice %v1 [0:2:1, 2:6:1, 1:6:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v53 = stablehlo.compare GT, %v52, %v48, FLOAT : (tensor<2x4x5x2xf32>, tensor<2x4x5x2xf32>) -> tensor<2x4x5x2xi1>
    %v54 = stablehlo.compare NE, %v52, %v52, FLOAT : (tensor<2x4x5x2xf32>, tensor<2x4x5x2xf32>) -> tensor<2x4x5x2xi1>
    %v55 = stablehlo.or %v53, %v54 : tensor<2x4x5x2xi1>
    %v56 = stablehlo.select %v55, %v52, %v48 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v57 = stablehlo.constant dense<7> : tensor<i32>
    %v58 = stablehlo.broadcast_in_dim %v57, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v59 = stablehlo.select %v55, %v58, %v51 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xi32>
    %v60 = stablehlo.slice %v1 [0:2:1, 2:6:1, 2:7:1, 0:2:1] : (tensor<2x6x7x2xf32>) -> tensor<2x4x5x2xf32>
    %v61 = stablehlo.compare GT, %v60, %v56, FLOAT : (tensor<2x4x5x2xf32>, tensor<2x4x5x2xf32>) -> tensor<2x4x5x2xi1>
    %v62 = stablehlo.compare NE, %v60, %v60, FLOAT : (tensor<2x4x5x2xf32>, tensor<2x4x5x2xf32>) -> tensor<2x4x5x2xi1>
    %v63 = stablehlo.or %v61, %v62 : tensor<2x4x5x2xi1>
    %v64 = stablehlo.select %v63, %v60, %v56 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v65 = stablehlo.constant dense<8> : tensor<i32>
    %v66 = stablehlo.broadcast_in_dim %v65, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v67 = stablehlo.select %v63, %v66, %v59 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xi32>
    %v68 = stablehlo.constant dense<0> : tensor<i32>
    %v69 = stablehlo.broadcast_in_dim %v68, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v70 = stablehlo.compare EQ, %v67, %v69, SIGNED : (tensor<2x4x5x2xi32>, tensor<2x4x5x2xi32>) -> tensor<2x4x5x2xi1>
    %v71 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v72 = stablehlo.broadcast_in_dim %v71, dims = [] : (tensor<f32>) -> tensor<2x4x5x2xf32>
    %v73 = stablehlo.select %v70, %arg1, %v72 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v74 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v75 = stablehlo.pad %v73, %v74, low = [0, -1, -1, 0], high = [0, 1, 1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v76 = stablehlo.constant dense<1> : tensor<i32>
    %v77 = stablehlo.broadcast_in_dim %v76, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v78 = stablehlo.compare EQ, %v67, %v77, SIGNED : (tensor<2x4x5x2xi32>, tensor<2x4x5x2xi32>) -> tensor<2x4x5x2xi1>
    %v79 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v80 = stablehlo.broadcast_in_dim %v79, dims = [] : (tensor<f32>) -> tensor<2x4x5x2xf32>
    %v81 = stablehlo.select %v78, %arg1, %v80 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v82 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v83 = stablehlo.pad %v81, %v82, low = [0, -1, 0, 0], high = [0, 1, 0, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v84 = stablehlo.add %v75, %v83 : tensor<2x4x5x2xf32>
    %v85 = stablehlo.constant dense<2> : tensor<i32>
    %v86 = stablehlo.broadcast_in_dim %v85, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v87 = stablehlo.compare EQ, %v67, %v86, SIGNED : (tensor<2x4x5x2xi32>, tensor<2x4x5x2xi32>) -> tensor<2x4x5x2xi1>
    %v88 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v89 = stablehlo.broadcast_in_dim %v88, dims = [] : (tensor<f32>) -> tensor<2x4x5x2xf32>
    %v90 = stablehlo.select %v87, %arg1, %v89 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v91 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v92 = stablehlo.pad %v90, %v91, low = [0, -1, 1, 0], high = [0, 1, -1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v93 = stablehlo.add %v84, %v92 : tensor<2x4x5x2xf32>
    %v94 = stablehlo.constant dense<3> : tensor<i32>
    %v95 = stablehlo.broadcast_in_dim %v94, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v96 = stablehlo.compare EQ, %v67, %v95, SIGNED : (tensor<2x4x5x2xi32>, tensor<2x4x5x2xi32>) -> tensor<2x4x5x2xi1>
    %v97 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v98 = stablehlo.broadcast_in_dim %v97, dims = [] : (tensor<f32>) -> tensor<2x4x5x2xf32>
    %v99 = stablehlo.select %v96, %arg1, %v98 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v100 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v101 = stablehlo.pad %v99, %v100, low = [0, 0, -1, 0], high = [0, 0, 1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v102 = stablehlo.add %v93, %v101 : tensor<2x4x5x2xf32>
    %v103 = stablehlo.constant dense<4> : tensor<i32>
    %v104 = stablehlo.broadcast_in_dim %v103, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v105 = stablehlo.compare EQ, %v67, %v104, SIGNED : (tensor<2x4x5x2xi32>, tensor<2x4x5x2xi32>) -> tensor<2x4x5x2xi1>
    %v106 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v107 = stablehlo.broadcast_in_dim %v106, dims = [] : (tensor<f32>) -> tensor<2x4x5x2xf32>
    %v108 = stablehlo.select %v105, %arg1, %v107 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v109 = stablehlo.add %v102, %v108 : tensor<2x4x5x2xf32>
    %v110 = stablehlo.constant dense<5> : tensor<i32>
    %v111 = stablehlo.broadcast_in_dim %v110, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v112 = stablehlo.compare EQ, %v67, %v111, SIGNED : (tensor<2x4x5x2xi32>, tensor<2x4x5x2xi32>) -> tensor<2x4x5x2xi1>
    %v113 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v114 = stablehlo.broadcast_in_dim %v113, dims = [] : (tensor<f32>) -> tensor<2x4x5x2xf32>
    %v115 = stablehlo.select %v112, %arg1, %v114 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v116 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v117 = stablehlo.pad %v115, %v116, low = [0, 0, 1, 0], high = [0, 0, -1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v118 = stablehlo.add %v109, %v117 : tensor<2x4x5x2xf32>
    %v119 = stablehlo.constant dense<6> : tensor<i32>
    %v120 = stablehlo.broadcast_in_dim %v119, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v121 = stablehlo.compare EQ, %v67, %v120, SIGNED : (tensor<2x4x5x2xi32>, tensor<2x4x5x2xi32>) -> tensor<2x4x5x2xi1>
    %v122 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v123 = stablehlo.broadcast_in_dim %v122, dims = [] : (tensor<f32>) -> tensor<2x4x5x2xf32>
    %v124 = stablehlo.select %v121, %arg1, %v123 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v125 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v126 = stablehlo.pad %v124, %v125, low = [0, 1, -1, 0], high = [0, -1, 1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v127 = stablehlo.add %v118, %v126 : tensor<2x4x5x2xf32>
    %v128 = stablehlo.constant dense<7> : tensor<i32>
    %v129 = stablehlo.broadcast_in_dim %v128, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v130 = stablehlo.compare EQ, %v67, %v129, SIGNED : (tensor<2x4x5x2xi32>, tensor<2x4x5x2xi32>) -> tensor<2x4x5x2xi1>
    %v131 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v132 = stablehlo.broadcast_in_dim %v131, dims = [] : (tensor<f32>) -> tensor<2x4x5x2xf32>
    %v133 = stablehlo.select %v130, %arg1, %v132 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v134 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v135 = stablehlo.pad %v133, %v134, low = [0, 1, 0, 0], high = [0, -1, 0, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v136 = stablehlo.add %v127, %v135 : tensor<2x4x5x2xf32>
    %v137 = stablehlo.constant dense<8> : tensor<i32>
    %v138 = stablehlo.broadcast_in_dim %v137, dims = [] : (tensor<i32>) -> tensor<2x4x5x2xi32>
    %v139 = stablehlo.compare EQ, %v67, %v138, SIGNED : (tensor<2x4x5x2xi32>, tensor<2x4x5x2xi32>) -> tensor<2x4x5x2xi1>
    %v140 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v141 = stablehlo.broadcast_in_dim %v140, dims = [] : (tensor<f32>) -> tensor<2x4x5x2xf32>
    %v142 = stablehlo.select %v139, %arg1, %v141 : tensor<2x4x5x2xi1>, tensor<2x4x5x2xf32>
    %v143 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v144 = stablehlo.pad %v142, %v143, low = [0, 1, 1, 0], high = [0, -1, -1, 0], interior = [0, 0, 0, 0] : (tensor<2x4x5x2xf32>, tensor<f32>) -> tensor<2x4x5x2xf32>
    %v145 = stablehlo.add %v136, %v144 : tensor<2x4x5x2xf32>
    return %v145 : tensor<2x4x5x2xf32>
  }
}
