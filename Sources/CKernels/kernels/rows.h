// Rows of a table that tokens choose.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "vector.h"

static void add(const float *x, long count, float *y) {
  for (long i = 0; i < count; i += LANES) store_up_to(y, load_up_to(y, i, count, 0) + load_up_to(x, i, count, 0), i, count);
}
