module @f {
  func.func public @main(
      %arg0: tensor<4x5xf32>,
      %arg1: tensor<ui64>
  ) -> (
      tensor<4x5xf32>
  ) {
    %v0 = stablehlo.constant dense<15906805250693388557> : tensor<ui64>
    %v1 = stablehlo.xor %arg1, %v0 : tensor<ui64>
    %v2 = stablehlo.iota dim = 1 : tensor<4x5xui32>
    %v3 = stablehlo.iota dim = 0 : tensor<4x5xui32>
    %v4 = stablehlo.constant dense<5> : tensor<ui32>
    %v5 = stablehlo.broadcast_in_dim %v4, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v6 = stablehlo.multiply %v3, %v5 : tensor<4x5xui32>
    %v7 = stablehlo.add %v2, %v6 : tensor<4x5xui32>
    %v8 = stablehlo.constant dense<2> : tensor<ui32>
    %v9 = stablehlo.broadcast_in_dim %v8, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v10 = stablehlo.shift_right_logical %v7, %v9 : tensor<4x5xui32>
    %v11 = stablehlo.constant dense<0> : tensor<ui32>
    %v12 = stablehlo.broadcast_in_dim %v11, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v13 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v14 = stablehlo.and %v1, %v13 : tensor<ui64>
    %v15 = stablehlo.convert %v14 : (tensor<ui64>) -> tensor<ui32>
    %v16 = stablehlo.constant dense<32> : tensor<ui64>
    %v17 = stablehlo.shift_right_logical %v1, %v16 : tensor<ui64>
    %v18 = stablehlo.convert %v17 : (tensor<ui64>) -> tensor<ui32>
    %v19 = stablehlo.convert %v10 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v20 = stablehlo.constant dense<3528531795> : tensor<ui64>
    %v21 = stablehlo.broadcast_in_dim %v20, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v22 = stablehlo.multiply %v19, %v21 : tensor<4x5xui64>
    %v23 = stablehlo.constant dense<32> : tensor<ui64>
    %v24 = stablehlo.broadcast_in_dim %v23, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v25 = stablehlo.shift_right_logical %v22, %v24 : tensor<4x5xui64>
    %v26 = stablehlo.convert %v25 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v27 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v28 = stablehlo.broadcast_in_dim %v27, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v29 = stablehlo.and %v22, %v28 : tensor<4x5xui64>
    %v30 = stablehlo.convert %v29 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v31 = stablehlo.convert %v12 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v32 = stablehlo.constant dense<3449720151> : tensor<ui64>
    %v33 = stablehlo.broadcast_in_dim %v32, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v34 = stablehlo.multiply %v31, %v33 : tensor<4x5xui64>
    %v35 = stablehlo.constant dense<32> : tensor<ui64>
    %v36 = stablehlo.broadcast_in_dim %v35, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v37 = stablehlo.shift_right_logical %v34, %v36 : tensor<4x5xui64>
    %v38 = stablehlo.convert %v37 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v39 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v40 = stablehlo.broadcast_in_dim %v39, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v41 = stablehlo.and %v34, %v40 : tensor<4x5xui64>
    %v42 = stablehlo.convert %v41 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v43 = stablehlo.xor %v38, %v12 : tensor<4x5xui32>
    %v44 = stablehlo.broadcast_in_dim %v15, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v45 = stablehlo.xor %v43, %v44 : tensor<4x5xui32>
    %v46 = stablehlo.xor %v26, %v12 : tensor<4x5xui32>
    %v47 = stablehlo.broadcast_in_dim %v18, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v48 = stablehlo.xor %v46, %v47 : tensor<4x5xui32>
    %v49 = stablehlo.constant dense<2654435769> : tensor<ui32>
    %v50 = stablehlo.add %v15, %v49 : tensor<ui32>
    %v51 = stablehlo.constant dense<3144134277> : tensor<ui32>
    %v52 = stablehlo.add %v18, %v51 : tensor<ui32>
    %v53 = stablehlo.convert %v45 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v54 = stablehlo.constant dense<3528531795> : tensor<ui64>
    %v55 = stablehlo.broadcast_in_dim %v54, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v56 = stablehlo.multiply %v53, %v55 : tensor<4x5xui64>
    %v57 = stablehlo.constant dense<32> : tensor<ui64>
    %v58 = stablehlo.broadcast_in_dim %v57, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v59 = stablehlo.shift_right_logical %v56, %v58 : tensor<4x5xui64>
    %v60 = stablehlo.convert %v59 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v61 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v62 = stablehlo.broadcast_in_dim %v61, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v63 = stablehlo.and %v56, %v62 : tensor<4x5xui64>
    %v64 = stablehlo.convert %v63 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v65 = stablehlo.convert %v48 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v66 = stablehlo.constant dense<3449720151> : tensor<ui64>
    %v67 = stablehlo.broadcast_in_dim %v66, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v68 = stablehlo.multiply %v65, %v67 : tensor<4x5xui64>
    %v69 = stablehlo.constant dense<32> : tensor<ui64>
    %v70 = stablehlo.broadcast_in_dim %v69, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v71 = stablehlo.shift_right_logical %v68, %v70 : tensor<4x5xui64>
    %v72 = stablehlo.convert %v71 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v73 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v74 = stablehlo.broadcast_in_dim %v73, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v75 = stablehlo.and %v68, %v74 : tensor<4x5xui64>
    %v76 = stablehlo.convert %v75 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v77 = stablehlo.xor %v72, %v42 : tensor<4x5xui32>
    %v78 = stablehlo.broadcast_in_dim %v50, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v79 = stablehlo.xor %v77, %v78 : tensor<4x5xui32>
    %v80 = stablehlo.xor %v60, %v30 : tensor<4x5xui32>
    %v81 = stablehlo.broadcast_in_dim %v52, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v82 = stablehlo.xor %v80, %v81 : tensor<4x5xui32>
    %v83 = stablehlo.constant dense<2654435769> : tensor<ui32>
    %v84 = stablehlo.add %v50, %v83 : tensor<ui32>
    %v85 = stablehlo.constant dense<3144134277> : tensor<ui32>
    %v86 = stablehlo.add %v52, %v85 : tensor<ui32>
    %v87 = stablehlo.convert %v79 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v88 = stablehlo.constant dense<3528531795> : tensor<ui64>
    %v89 = stablehlo.broadcast_in_dim %v88, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v90 = stablehlo.multiply %v87, %v89 : tensor<4x5xui64>
    %v91 = stablehlo.constant dense<32> : tensor<ui64>
    %v92 = stablehlo.broadcast_in_dim %v91, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v93 = stablehlo.shift_right_logical %v90, %v92 : tensor<4x5xui64>
    %v94 = stablehlo.convert %v93 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v95 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v96 = stablehlo.broadcast_in_dim %v95, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v97 = stablehlo.and %v90, %v96 : tensor<4x5xui64>
    %v98 = stablehlo.convert %v97 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v99 = stablehlo.convert %v82 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v100 = stablehlo.constant dense<3449720151> : tensor<ui64>
    %v101 = stablehlo.broadcast_in_dim %v100, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v102 = stablehlo.multiply %v99, %v101 : tensor<4x5xui64>
    %v103 = stablehlo.constant dense<32> : tensor<ui64>
    %v104 = stablehlo.broadcast_in_dim %v103, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v105 = stablehlo.shift_right_logical %v102, %v104 : tensor<4x5xui64>
    %v106 = stablehlo.convert %v105 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v107 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v108 = stablehlo.broadcast_in_dim %v107, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v109 = stablehlo.and %v102, %v108 : tensor<4x5xui64>
    %v110 = stablehlo.convert %v109 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v111 = stablehlo.xor %v106, %v76 : tensor<4x5xui32>
    %v112 = stablehlo.broadcast_in_dim %v84, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v113 = stablehlo.xor %v111, %v112 : tensor<4x5xui32>
    %v114 = stablehlo.xor %v94, %v64 : tensor<4x5xui32>
    %v115 = stablehlo.broadcast_in_dim %v86, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v116 = stablehlo.xor %v114, %v115 : tensor<4x5xui32>
    %v117 = stablehlo.constant dense<2654435769> : tensor<ui32>
    %v118 = stablehlo.add %v84, %v117 : tensor<ui32>
    %v119 = stablehlo.constant dense<3144134277> : tensor<ui32>
    %v120 = stablehlo.add %v86, %v119 : tensor<ui32>
    %v121 = stablehlo.convert %v113 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v122 = stablehlo.constant dense<3528531795> : tensor<ui64>
    %v123 = stablehlo.broadcast_in_dim %v122, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v124 = stablehlo.multiply %v121, %v123 : tensor<4x5xui64>
    %v125 = stablehlo.constant dense<32> : tensor<ui64>
    %v126 = stablehlo.broadcast_in_dim %v125, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v127 = stablehlo.shift_right_logical %v124, %v126 : tensor<4x5xui64>
    %v128 = stablehlo.convert %v127 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v129 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v130 = stablehlo.broadcast_in_dim %v129, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v131 = stablehlo.and %v124, %v130 : tensor<4x5xui64>
    %v132 = stablehlo.convert %v131 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v133 = stablehlo.convert %v116 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v134 = stablehlo.constant dense<3449720151> : tensor<ui64>
    %v135 = stablehlo.broadcast_in_dim %v134, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v136 = stablehlo.multiply %v133, %v135 : tensor<4x5xui64>
    %v137 = stablehlo.constant dense<32> : tensor<ui64>
    %v138 = stablehlo.broadcast_in_dim %v137, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v139 = stablehlo.shift_right_logical %v136, %v138 : tensor<4x5xui64>
    %v140 = stablehlo.convert %v139 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v141 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v142 = stablehlo.broadcast_in_dim %v141, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v143 = stablehlo.and %v136, %v142 : tensor<4x5xui64>
    %v144 = stablehlo.convert %v143 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v145 = stablehlo.xor %v140, %v110 : tensor<4x5xui32>
    %v146 = stablehlo.broadcast_in_dim %v118, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v147 = stablehlo.xor %v145, %v146 : tensor<4x5xui32>
    %v148 = stablehlo.xor %v128, %v98 : tensor<4x5xui32>
    %v149 = stablehlo.broadcast_in_dim %v120, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v150 = stablehlo.xor %v148, %v149 : tensor<4x5xui32>
    %v151 = stablehlo.constant dense<2654435769> : tensor<ui32>
    %v152 = stablehlo.add %v118, %v151 : tensor<ui32>
    %v153 = stablehlo.constant dense<3144134277> : tensor<ui32>
    %v154 = stablehlo.add %v120, %v153 : tensor<ui32>
    %v155 = stablehlo.convert %v147 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v156 = stablehlo.constant dense<3528531795> : tensor<ui64>
    %v157 = stablehlo.broadcast_in_dim %v156, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v158 = stablehlo.multiply %v155, %v157 : tensor<4x5xui64>
    %v159 = stablehlo.constant dense<32> : tensor<ui64>
    %v160 = stablehlo.broadcast_in_dim %v159, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v161 = stablehlo.shift_right_logical %v158, %v160 : tensor<4x5xui64>
    %v162 = stablehlo.convert %v161 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v163 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v164 = stablehlo.broadcast_in_dim %v163, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v165 = stablehlo.and %v158, %v164 : tensor<4x5xui64>
    %v166 = stablehlo.convert %v165 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v167 = stablehlo.convert %v150 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v168 = stablehlo.constant dense<3449720151> : tensor<ui64>
    %v169 = stablehlo.broadcast_in_dim %v168, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v170 = stablehlo.multiply %v167, %v169 : tensor<4x5xui64>
    %v171 = stablehlo.constant dense<32> : tensor<ui64>
    %v172 = stablehlo.broadcast_in_dim %v171, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v173 = stablehlo.shift_right_logical %v170, %v172 : tensor<4x5xui64>
    %v174 = stablehlo.convert %v173 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v175 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v176 = stablehlo.broadcast_in_dim %v175, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v177 = stablehlo.and %v170, %v176 : tensor<4x5xui64>
    %v178 = stablehlo.convert %v177 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v179 = stablehlo.xor %v174, %v144 : tensor<4x5xui32>
    %v180 = stablehlo.broadcast_in_dim %v152, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v181 = stablehlo.xor %v179, %v180 : tensor<4x5xui32>
    %v182 = stablehlo.xor %v162, %v132 : tensor<4x5xui32>
    %v183 = stablehlo.broadcast_in_dim %v154, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v184 = stablehlo.xor %v182, %v183 : tensor<4x5xui32>
    %v185 = stablehlo.constant dense<2654435769> : tensor<ui32>
    %v186 = stablehlo.add %v152, %v185 : tensor<ui32>
    %v187 = stablehlo.constant dense<3144134277> : tensor<ui32>
    %v188 = stablehlo.add %v154, %v187 : tensor<ui32>
    %v189 = stablehlo.convert %v181 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v190 = stablehlo.constant dense<3528531795> : tensor<ui64>
    %v191 = stablehlo.broadcast_in_dim %v190, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v192 = stablehlo.multiply %v189, %v191 : tensor<4x5xui64>
    %v193 = stablehlo.constant dense<32> : tensor<ui64>
    %v194 = stablehlo.broadcast_in_dim %v193, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v195 = stablehlo.shift_right_logical %v192, %v194 : tensor<4x5xui64>
    %v196 = stablehlo.convert %v195 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v197 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v198 = stablehlo.broadcast_in_dim %v197, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v199 = stablehlo.and %v192, %v198 : tensor<4x5xui64>
    %v200 = stablehlo.convert %v199 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v201 = stablehlo.convert %v184 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v202 = stablehlo.constant dense<3449720151> : tensor<ui64>
    %v203 = stablehlo.broadcast_in_dim %v202, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v204 = stablehlo.multiply %v201, %v203 : tensor<4x5xui64>
    %v205 = stablehlo.constant dense<32> : tensor<ui64>
    %v206 = stablehlo.broadcast_in_dim %v205, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v207 = stablehlo.shift_right_logical %v204, %v206 : tensor<4x5xui64>
    %v208 = stablehlo.convert %v207 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v209 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v210 = stablehlo.broadcast_in_dim %v209, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v211 = stablehlo.and %v204, %v210 : tensor<4x5xui64>
    %v212 = stablehlo.convert %v211 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v213 = stablehlo.xor %v208, %v178 : tensor<4x5xui32>
    %v214 = stablehlo.broadcast_in_dim %v186, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v215 = stablehlo.xor %v213, %v214 : tensor<4x5xui32>
    %v216 = stablehlo.xor %v196, %v166 : tensor<4x5xui32>
    %v217 = stablehlo.broadcast_in_dim %v188, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v218 = stablehlo.xor %v216, %v217 : tensor<4x5xui32>
    %v219 = stablehlo.constant dense<2654435769> : tensor<ui32>
    %v220 = stablehlo.add %v186, %v219 : tensor<ui32>
    %v221 = stablehlo.constant dense<3144134277> : tensor<ui32>
    %v222 = stablehlo.add %v188, %v221 : tensor<ui32>
    %v223 = stablehlo.convert %v215 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v224 = stablehlo.constant dense<3528531795> : tensor<ui64>
    %v225 = stablehlo.broadcast_in_dim %v224, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v226 = stablehlo.multiply %v223, %v225 : tensor<4x5xui64>
    %v227 = stablehlo.constant dense<32> : tensor<ui64>
    %v228 = stablehlo.broadcast_in_dim %v227, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v229 = stablehlo.shift_right_logical %v226, %v228 : tensor<4x5xui64>
    %v230 = stablehlo.convert %v229 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v231 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v232 = stablehlo.broadcast_in_dim %v231, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v233 = stablehlo.and %v226, %v232 : tensor<4x5xui64>
    %v234 = stablehlo.convert %v233 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v235 = stablehlo.convert %v218 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v236 = stablehlo.constant dense<3449720151> : tensor<ui64>
    %v237 = stablehlo.broadcast_in_dim %v236, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v238 = stablehlo.multiply %v235, %v237 : tensor<4x5xui64>
    %v239 = stablehlo.constant dense<32> : tensor<ui64>
    %v240 = stablehlo.broadcast_in_dim %v239, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v241 = stablehlo.shift_right_logical %v238, %v240 : tensor<4x5xui64>
    %v242 = stablehlo.convert %v241 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v243 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v244 = stablehlo.broadcast_in_dim %v243, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v245 = stablehlo.and %v238, %v244 : tensor<4x5xui64>
    %v246 = stablehlo.convert %v245 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v247 = stablehlo.xor %v242, %v212 : tensor<4x5xui32>
    %v248 = stablehlo.broadcast_in_dim %v220, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v249 = stablehlo.xor %v247, %v248 : tensor<4x5xui32>
    %v250 = stablehlo.xor %v230, %v200 : tensor<4x5xui32>
    %v251 = stablehlo.broadcast_in_dim %v222, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v252 = stablehlo.xor %v250, %v251 : tensor<4x5xui32>
    %v253 = stablehlo.constant dense<2654435769> : tensor<ui32>
    %v254 = stablehlo.add %v220, %v253 : tensor<ui32>
    %v255 = stablehlo.constant dense<3144134277> : tensor<ui32>
    %v256 = stablehlo.add %v222, %v255 : tensor<ui32>
    %v257 = stablehlo.convert %v249 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v258 = stablehlo.constant dense<3528531795> : tensor<ui64>
    %v259 = stablehlo.broadcast_in_dim %v258, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v260 = stablehlo.multiply %v257, %v259 : tensor<4x5xui64>
    %v261 = stablehlo.constant dense<32> : tensor<ui64>
    %v262 = stablehlo.broadcast_in_dim %v261, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v263 = stablehlo.shift_right_logical %v260, %v262 : tensor<4x5xui64>
    %v264 = stablehlo.convert %v263 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v265 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v266 = stablehlo.broadcast_in_dim %v265, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v267 = stablehlo.and %v260, %v266 : tensor<4x5xui64>
    %v268 = stablehlo.convert %v267 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v269 = stablehlo.convert %v252 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v270 = stablehlo.constant dense<3449720151> : tensor<ui64>
    %v271 = stablehlo.broadcast_in_dim %v270, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v272 = stablehlo.multiply %v269, %v271 : tensor<4x5xui64>
    %v273 = stablehlo.constant dense<32> : tensor<ui64>
    %v274 = stablehlo.broadcast_in_dim %v273, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v275 = stablehlo.shift_right_logical %v272, %v274 : tensor<4x5xui64>
    %v276 = stablehlo.convert %v275 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v277 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v278 = stablehlo.broadcast_in_dim %v277, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v279 = stablehlo.and %v272, %v278 : tensor<4x5xui64>
    %v280 = stablehlo.convert %v279 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v281 = stablehlo.xor %v276, %v246 : tensor<4x5xui32>
    %v282 = stablehlo.broadcast_in_dim %v254, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v283 = stablehlo.xor %v281, %v282 : tensor<4x5xui32>
    %v284 = stablehlo.xor %v264, %v234 : tensor<4x5xui32>
    %v285 = stablehlo.broadcast_in_dim %v256, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v286 = stablehlo.xor %v284, %v285 : tensor<4x5xui32>
    %v287 = stablehlo.constant dense<2654435769> : tensor<ui32>
    %v288 = stablehlo.add %v254, %v287 : tensor<ui32>
    %v289 = stablehlo.constant dense<3144134277> : tensor<ui32>
    %v290 = stablehlo.add %v256, %v289 : tensor<ui32>
    %v291 = stablehlo.convert %v283 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v292 = stablehlo.constant dense<3528531795> : tensor<ui64>
    %v293 = stablehlo.broadcast_in_dim %v292, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v294 = stablehlo.multiply %v291, %v293 : tensor<4x5xui64>
    %v295 = stablehlo.constant dense<32> : tensor<ui64>
    %v296 = stablehlo.broadcast_in_dim %v295, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v297 = stablehlo.shift_right_logical %v294, %v296 : tensor<4x5xui64>
    %v298 = stablehlo.convert %v297 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v299 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v300 = stablehlo.broadcast_in_dim %v299, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v301 = stablehlo.and %v294, %v300 : tensor<4x5xui64>
    %v302 = stablehlo.convert %v301 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v303 = stablehlo.convert %v286 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v304 = stablehlo.constant dense<3449720151> : tensor<ui64>
    %v305 = stablehlo.broadcast_in_dim %v304, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v306 = stablehlo.multiply %v303, %v305 : tensor<4x5xui64>
    %v307 = stablehlo.constant dense<32> : tensor<ui64>
    %v308 = stablehlo.broadcast_in_dim %v307, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v309 = stablehlo.shift_right_logical %v306, %v308 : tensor<4x5xui64>
    %v310 = stablehlo.convert %v309 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v311 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v312 = stablehlo.broadcast_in_dim %v311, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v313 = stablehlo.and %v306, %v312 : tensor<4x5xui64>
    %v314 = stablehlo.convert %v313 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v315 = stablehlo.xor %v310, %v280 : tensor<4x5xui32>
    %v316 = stablehlo.broadcast_in_dim %v288, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v317 = stablehlo.xor %v315, %v316 : tensor<4x5xui32>
    %v318 = stablehlo.xor %v298, %v268 : tensor<4x5xui32>
    %v319 = stablehlo.broadcast_in_dim %v290, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v320 = stablehlo.xor %v318, %v319 : tensor<4x5xui32>
    %v321 = stablehlo.constant dense<2654435769> : tensor<ui32>
    %v322 = stablehlo.add %v288, %v321 : tensor<ui32>
    %v323 = stablehlo.constant dense<3144134277> : tensor<ui32>
    %v324 = stablehlo.add %v290, %v323 : tensor<ui32>
    %v325 = stablehlo.convert %v317 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v326 = stablehlo.constant dense<3528531795> : tensor<ui64>
    %v327 = stablehlo.broadcast_in_dim %v326, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v328 = stablehlo.multiply %v325, %v327 : tensor<4x5xui64>
    %v329 = stablehlo.constant dense<32> : tensor<ui64>
    %v330 = stablehlo.broadcast_in_dim %v329, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v331 = stablehlo.shift_right_logical %v328, %v330 : tensor<4x5xui64>
    %v332 = stablehlo.convert %v331 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v333 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v334 = stablehlo.broadcast_in_dim %v333, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v335 = stablehlo.and %v328, %v334 : tensor<4x5xui64>
    %v336 = stablehlo.convert %v335 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v337 = stablehlo.convert %v320 : (tensor<4x5xui32>) -> tensor<4x5xui64>
    %v338 = stablehlo.constant dense<3449720151> : tensor<ui64>
    %v339 = stablehlo.broadcast_in_dim %v338, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v340 = stablehlo.multiply %v337, %v339 : tensor<4x5xui64>
    %v341 = stablehlo.constant dense<32> : tensor<ui64>
    %v342 = stablehlo.broadcast_in_dim %v341, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v343 = stablehlo.shift_right_logical %v340, %v342 : tensor<4x5xui64>
    %v344 = stablehlo.convert %v343 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v345 = stablehlo.constant dense<4294967295> : tensor<ui64>
    %v346 = stablehlo.broadcast_in_dim %v345, dims = [] : (tensor<ui64>) -> tensor<4x5xui64>
    %v347 = stablehlo.and %v340, %v346 : tensor<4x5xui64>
    %v348 = stablehlo.convert %v347 : (tensor<4x5xui64>) -> tensor<4x5xui32>
    %v349 = stablehlo.xor %v344, %v314 : tensor<4x5xui32>
    %v350 = stablehlo.broadcast_in_dim %v322, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v351 = stablehlo.xor %v349, %v350 : tensor<4x5xui32>
    %v352 = stablehlo.xor %v332, %v302 : tensor<4x5xui32>
    %v353 = stablehlo.broadcast_in_dim %v324, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v354 = stablehlo.xor %v352, %v353 : tensor<4x5xui32>
    %v355 = stablehlo.constant dense<2654435769> : tensor<ui32>
    %v356 = stablehlo.add %v322, %v355 : tensor<ui32>
    %v357 = stablehlo.constant dense<3144134277> : tensor<ui32>
    %v358 = stablehlo.add %v324, %v357 : tensor<ui32>
    %v359 = stablehlo.constant dense<3> : tensor<ui32>
    %v360 = stablehlo.broadcast_in_dim %v359, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v361 = stablehlo.and %v7, %v360 : tensor<4x5xui32>
    %v362 = stablehlo.constant dense<2> : tensor<ui32>
    %v363 = stablehlo.broadcast_in_dim %v362, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v364 = stablehlo.compare EQ, %v361, %v363, UNSIGNED : (tensor<4x5xui32>, tensor<4x5xui32>) -> tensor<4x5xi1>
    %v365 = stablehlo.select %v364, %v354, %v336 : tensor<4x5xi1>, tensor<4x5xui32>
    %v366 = stablehlo.constant dense<1> : tensor<ui32>
    %v367 = stablehlo.broadcast_in_dim %v366, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v368 = stablehlo.compare EQ, %v361, %v367, UNSIGNED : (tensor<4x5xui32>, tensor<4x5xui32>) -> tensor<4x5xi1>
    %v369 = stablehlo.select %v368, %v348, %v365 : tensor<4x5xi1>, tensor<4x5xui32>
    %v370 = stablehlo.constant dense<0> : tensor<ui32>
    %v371 = stablehlo.broadcast_in_dim %v370, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v372 = stablehlo.compare EQ, %v361, %v371, UNSIGNED : (tensor<4x5xui32>, tensor<4x5xui32>) -> tensor<4x5xi1>
    %v373 = stablehlo.select %v372, %v351, %v369 : tensor<4x5xi1>, tensor<4x5xui32>
    %v374 = stablehlo.constant dense<8> : tensor<ui32>
    %v375 = stablehlo.broadcast_in_dim %v374, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v376 = stablehlo.shift_right_logical %v373, %v375 : tensor<4x5xui32>
    %v377 = stablehlo.constant dense<6710887> : tensor<ui32>
    %v378 = stablehlo.broadcast_in_dim %v377, dims = [] : (tensor<ui32>) -> tensor<4x5xui32>
    %v379 = stablehlo.compare GE, %v376, %v378, UNSIGNED : (tensor<4x5xui32>, tensor<4x5xui32>) -> tensor<4x5xi1>
    %v380 = stablehlo.constant dense<0x3FD55555> : tensor<f32>
    %v381 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %v382 = stablehlo.broadcast_in_dim %v380, dims = [] : (tensor<f32>) -> tensor<4x5xf32>
    %v383 = stablehlo.broadcast_in_dim %v381, dims = [] : (tensor<f32>) -> tensor<4x5xf32>
    %v384 = stablehlo.select %v379, %v382, %v383 : tensor<4x5xi1>, tensor<4x5xf32>
    %v385 = stablehlo.multiply %arg0, %v384 : tensor<4x5xf32>
    return %v385 : tensor<4x5xf32>
  }
}
