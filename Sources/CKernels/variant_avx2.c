#include "dispatch.h"

#include <string.h>

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2"))), apply_to = function)
#define LANES 8
#include "kernels/table.h"
#pragma clang attribute pop

const kernel_table drn_kernels_avx2 = KERNELS(DRN_ISA_AVX2);
#endif
