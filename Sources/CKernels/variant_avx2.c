#include "dispatch.h"

#include <string.h>

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2"))), apply_to = function)
#define LANES 8
#define TABLE drn_kernels_avx2
#define TABLE_ISA DRN_ISA_AVX2
#include "kernels/table.h"
#pragma clang attribute pop
#endif
