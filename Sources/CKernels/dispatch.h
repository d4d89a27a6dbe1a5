// The kernels that exist once per instruction set.
#pragma once

#include "CKernels.h"

/// One variant of every kernel.
typedef struct {
  drn_isa isa;
#define KERNEL(result, name, parameters, arguments) result(*name) parameters;
#include "drn/kernels.inc"
#undef KERNEL
  // FLOPs of `rounds` rounds of independent multiply-adds.
  double (*multiply_adds)(long rounds);
} kernel_table;

extern const kernel_table drn_kernels_baseline;
extern const kernel_table drn_kernels_avx2;
extern const kernel_table drn_kernels_avx512;

/// The table of the instruction set in use.
const kernel_table *drn_kernels(void);
