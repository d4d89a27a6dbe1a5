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
  __typeof__(&drn_column_moments) column_moments;
  __typeof__(&drn_column_gradient_sums) column_gradient_sums;
  __typeof__(&drn_dropout) dropout;
  __typeof__(&drn_random_uniform) random_uniform;
  __typeof__(&drn_pad_image) pad_image;
  __typeof__(&drn_pad_border) pad_border;
  __typeof__(&drn_pack_weights) pack_weights;
  __typeof__(&drn_pack_reversed_weights) pack_reversed_weights;
  __typeof__(&drn_convolve) convolve;
  __typeof__(&drn_pack_thin_weights) pack_thin_weights;
  __typeof__(&drn_pack_reversed_thin_weights) pack_reversed_thin_weights;
  __typeof__(&drn_convolve_thin) convolve_thin;
  __typeof__(&drn_convolution_weight_gradient) convolution_weight_gradient;
  __typeof__(&drn_convolution_weight_gradient_thin) convolution_weight_gradient_thin;
  __typeof__(&drn_winograd_weights) winograd_weights;
  __typeof__(&drn_winograd_convolve) winograd_convolve;
  __typeof__(&drn_winograd_weight_gradient) winograd_weight_gradient;
  __typeof__(&drn_winograd_finish_gradient) winograd_finish_gradient;
  __typeof__(&drn_patches) patches;
  __typeof__(&drn_add_patches) add_patches;
  __typeof__(&drn_max_pool) max_pool;
  __typeof__(&drn_max_pool_gradient) max_pool_gradient;
  __typeof__(&drn_average_pool) average_pool;
  __typeof__(&drn_average_pool_gradient) average_pool_gradient;
  __typeof__(&drn_convolve_depthwise) convolve_depthwise;
  __typeof__(&drn_convolution_weight_gradient_depthwise) convolution_weight_gradient_depthwise;
  __typeof__(&drn_depthwise_input_gradient) depthwise_input_gradient;
  // FLOPs of `rounds` rounds of independent multiply-adds.
  double (*multiply_adds)(long rounds);
} kernel_table;

extern const kernel_table drn_kernels_baseline;
extern const kernel_table drn_kernels_avx2;
extern const kernel_table drn_kernels_avx512;

/// The table of the instruction set in use.
const kernel_table *drn_kernels(void);
