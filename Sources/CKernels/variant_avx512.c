#include "dispatch.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma,bmi2"))), apply_to = function)
#define LANES 16
#define TABLE drn_kernels_avx512
#define TABLE_ISA DRN_ISA_AVX512
#include "kernels/table.h"
#pragma clang attribute pop
#endif
