// Every kernel for one instruction set: a variant_*.c defines LANES, opens its target, and includes this.
#pragma once

#include "convolution.h"
#include "convolution_gradient.h"
#include "convolution_thin.h"
#include "depthwise.h"
#include "map_run.h"
#include "moments.h"
#include "normalization.h"
#include "peak.h"
#include "random.h"
#include "reduce.h"
#include "softmax.h"
#include "windows.h"
#include "winograd.h"
#include "winograd_gradient.h"

#define KERNELS(isa_name)                                                                                       \
  {                                                                                                             \
    .isa = isa_name,                                                                                            \
    .map_run = map_run, .sum_columns = sum_columns, .sum_rows = sum_rows, .dot = dot, .sum_all = sum_all,       \
    .all_finite = all_finite, .softmax = softmax, .softmax_gradient = softmax_gradient,                         \
    .softmax_cross_entropy = softmax_cross_entropy, .layer_norm = layer_norm,                                   \
    .layer_norm_gradient = layer_norm_gradient,                                                                 \
    .layer_norm_parameter_gradient = layer_norm_parameter_gradient, .column_moments = column_moments,           \
    .column_gradient_sums = column_gradient_sums, .dropout = dropout,                                           \
    .random_uniform = random_uniform, .pad_image = pad_image, .pad_border = pad_border, .pack_weights = pack_weights,                     \
    .pack_reversed_weights = pack_reversed_weights, .convolve = convolve,                                       \
    .pack_thin_weights = pack_thin_weights, .pack_reversed_thin_weights = pack_reversed_thin_weights,           \
    .convolve_thin = convolve_thin, .convolution_weight_gradient = convolution_weight_gradient,                 \
    .convolution_weight_gradient_thin = convolution_weight_gradient_thin,                                       \
    .winograd_weights = winograd_weights, .winograd_convolve = winograd_convolve,                               \
    .winograd_weight_gradient = winograd_weight_gradient,                                                       \
    .winograd_finish_gradient = winograd_finish_gradient, .patches = patches, .add_patches = add_patches,       \
    .max_pool = max_pool, .max_pool_gradient = max_pool_gradient, .average_pool = average_pool,                 \
    .average_pool_gradient = average_pool_gradient, .convolve_depthwise = convolve_depthwise,                   \
    .convolution_weight_gradient_depthwise = convolution_weight_gradient_depthwise,                             \
    .depthwise_input_gradient = depthwise_input_gradient,                                                       \
    .multiply_adds = multiply_adds,                                                                             \
  }
