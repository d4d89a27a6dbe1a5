// Every kernel for one instruction set: a variant_*.c defines LANES, opens its target, and includes this.
#pragma once

#include "map_run.h"
#include "normalization.h"
#include "optimizer.h"
#include "peak.h"
#include "random.h"
#include "reduce.h"
#include "softmax.h"

#define KERNELS(isa_name)                                                                                       \
  {                                                                                                             \
    .isa = isa_name,                                                                                            \
    .map_run = map_run, .sum_columns = sum_columns, .sum_rows = sum_rows, .dot = dot, .sum_all = sum_all,       \
    .all_finite = all_finite, .softmax = softmax, .softmax_gradient = softmax_gradient,                         \
    .softmax_cross_entropy = softmax_cross_entropy, .layer_norm = layer_norm,                                   \
    .layer_norm_gradient = layer_norm_gradient, .layer_norm_parameter_gradient = layer_norm_parameter_gradient, \
    .batch_norm = batch_norm, .batch_norm_gradient = batch_norm_gradient, .adam = adam, .dropout = dropout,     \
    .random_uniform = random_uniform, .multiply_adds = multiply_adds,                                           \
  }
