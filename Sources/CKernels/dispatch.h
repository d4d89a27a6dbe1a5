// The kernels that exist once per instruction set.
#pragma once

#include "CKernels.h"

/// One variant of every kernel; the signatures are those of the public functions.
typedef struct {
  drn_isa isa;
  __typeof__(&drn_map_run) map_run;
  __typeof__(&drn_sum_columns) sum_columns;
  __typeof__(&drn_sum_rows) sum_rows;
  __typeof__(&drn_dot) dot;
  __typeof__(&drn_sum_all) sum_all;
  __typeof__(&drn_all_finite) all_finite;
  __typeof__(&drn_softmax) softmax;
  __typeof__(&drn_softmax_gradient) softmax_gradient;
  __typeof__(&drn_softmax_cross_entropy) softmax_cross_entropy;
  __typeof__(&drn_layer_norm) layer_norm;
  __typeof__(&drn_layer_norm_gradient) layer_norm_gradient;
  __typeof__(&drn_layer_norm_parameter_gradient) layer_norm_parameter_gradient;
  __typeof__(&drn_batch_norm) batch_norm;
  __typeof__(&drn_batch_norm_gradient) batch_norm_gradient;
  __typeof__(&drn_adam) adam;
  __typeof__(&drn_dropout) dropout;
  __typeof__(&drn_random_uniform) random_uniform;
  // FLOPs of `rounds` rounds of independent multiply-adds.
  double (*multiply_adds)(long rounds);
} kernel_table;

extern const kernel_table drn_kernels_baseline;
extern const kernel_table drn_kernels_avx2;
extern const kernel_table drn_kernels_avx512;

/// The table of the instruction set in use.
const kernel_table *drn_kernels(void);
