// The loops of a map program, one per operation and one per pair of operations. An operand with one value for the whole tile is loaded once
// before the loop (b and c), or read at `i & mask` with a mask of 0 (a): neither needs a tile of its own.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "../map_plan.h"
#include "elementary.h"

typedef struct {
  const float *a, *b, *c;
  long a_mask;  // 0 if a is uniform, else -1
  int b_is_uniform, c_is_uniform;
} operands;

#define VECTORS(declarations, expression)   \
  for (long i = 0; i < count; i += LANES) { \
    vector a = load(in.a + (i & in.a_mask)); \
    declarations;                           \
    store(out + i, expression);             \
  }

/// One loop over the tile for an expression of a; of a and b; of a, b and c.
#define UNARY(expression) VECTORS(, expression) return;

#define BINARY(expression)                         \
  if (in.b_is_uniform) {                           \
    vector b = load(in.b);                         \
    VECTORS(, expression)                          \
  } else {                                         \
    VECTORS(vector b = load(in.b + i), expression) \
  }                                                \
  return;

#define TERNARY(expression)                                                \
  if (in.b_is_uniform && in.c_is_uniform) {                                \
    vector b = load(in.b), c = load(in.c);                                 \
    VECTORS(, expression)                                                  \
  } else if (in.b_is_uniform) {                                            \
    vector b = load(in.b);                                                 \
    VECTORS(vector c = load(in.c + i), expression)                         \
  } else if (in.c_is_uniform) {                                            \
    vector c = load(in.c);                                                 \
    VECTORS(vector b = load(in.b + i), expression)                         \
  } else {                                                                 \
    VECTORS(vector b = load(in.b + i); vector c = load(in.c + i), expression) \
  }                                                                        \
  return;

/// The second operations of a pair, on the first one's result and c.
#define PAIRS(first, expression)                                           \
  case map_pair(first, map_then_add): TERNARY((expression) + c)            \
  case map_pair(first, map_then_subtract): TERNARY((expression) - c)       \
  case map_pair(first, map_then_subtract_from): TERNARY(c - (expression))  \
  case map_pair(first, map_then_multiply): TERNARY((expression) * c)       \
  case map_pair(first, map_then_divide): TERNARY((expression) / c)         \
  case map_pair(first, map_then_divide_by): TERNARY(c / (expression))      \
  case map_pair(first, map_then_maximum): TERNARY(larger(c, expression))

INLINE vector one_if(int_vector condition) { return as_floats(condition & 0x3f800000); }

static void map_pair_loop(int opcode, operands in, float *out, long count) {
  switch (opcode) {
    PAIRS(map_first_add, a + b)
    PAIRS(map_first_subtract, a - b)
    PAIRS(map_first_multiply, a * b)
    PAIRS(map_first_divide, a / b)
    PAIRS(map_first_greater, one_if(a > b))
  }
}

static void map_loop(int opcode, operands in, float *out, long count) {
  switch (opcode) {
    case DRN_MAP_CONSTANT:
    case DRN_MAP_COPY: UNARY(a)
    // b is a number: with it first, one instruction gives a where a is NaN.
    case DRN_MAP_MAXIMUM_IMMEDIATE: BINARY(larger(b, a))
    case DRN_MAP_MINIMUM_IMMEDIATE: BINARY(smaller(b, a))
#define MAP_BINARY(opcode, mnemonic, expression) case DRN_MAP_##opcode: BINARY(expression)
#define MAP_UNARY(opcode, mnemonic, expression, error) case DRN_MAP_##opcode: UNARY(expression)
#define MAP_REWRITTEN(opcode, mnemonic, error)
#include "drn/map_functions.inc"
    default: map_pair_loop(opcode, in, out, count);
  }
}
