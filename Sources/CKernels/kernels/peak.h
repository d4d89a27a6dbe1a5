// The rate of multiply-adds.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "vector.h"

#if defined(__x86_64__)
#define VECTOR_REGISTER "+x"
#else
#define VECTOR_REGISTER "+w"
#endif

enum { chains = 12 };  // enough to cover the latency of an FMA on two units

static double multiply_adds(long rounds) {
  vector sum[chains];
  for (int i = 0; i < chains; i++) sum[i] = splat((float)i * 0.01f);
  vector factor = splat(0.999f), term = splat(0.001f);
  for (long round = 0; round < rounds; round++) {
    for (int i = 0; i < chains; i++) sum[i] = sum[i] * factor + term;
    // Without this the compiler may see that chains are alike and merge them.
    for (int i = 0; i < chains; i++) __asm__ volatile("" : VECTOR_REGISTER(sum[i]));
  }
  return 2.0 * LANES * chains * (double)rounds;
}
