// The loops of a map program, one per operation and one per pair of operations. Every operand is read at `i & mask`: a mask of 0 keeps
// the same LANES floats, so that scalars need neither a tile nor loops of their own.
#pragma once

#include "../map_plan.h"
#include "elementary.h"

typedef struct {
  const float *a, *b, *c;
  long a_mask, b_mask, c_mask;
} operands;

#define LOOP(expression)                                                                                    \
  for (long i = 0; i < count; i += LANES) {                                                                  \
    vector a = load(in.a + (i & in.a_mask)), b = load(in.b + (i & in.b_mask)), c = load(in.c + (i & in.c_mask)); \
    (void)a, (void)b, (void)c;                                                                               \
    store(out, expression);                                                                                  \
    out += LANES;                                                                                            \
  }                                                                                                          \
  return;

/// The second operations of a pair, on the first one's result in parentheses and c.
#define PAIRS(first, expression)                                              \
  case map_pair(first, map_then_add): LOOP((expression) + c)                  \
  case map_pair(first, map_then_subtract): LOOP((expression) - c)             \
  case map_pair(first, map_then_subtract_from): LOOP(c - (expression))        \
  case map_pair(first, map_then_multiply): LOOP((expression) * c)             \
  case map_pair(first, map_then_divide): LOOP((expression) / c)               \
  case map_pair(first, map_then_divide_by): LOOP(c / (expression))            \
  case map_pair(first, map_then_maximum): LOOP(larger(expression, c))

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
    case DRN_MAP_COPY: LOOP(a)
    case DRN_MAP_ADD: LOOP(a + b)
    case DRN_MAP_SUBTRACT: LOOP(a - b)
    case DRN_MAP_MULTIPLY: LOOP(a * b)
    case DRN_MAP_DIVIDE: LOOP(a / b)
    case DRN_MAP_MAXIMUM: LOOP(larger(a, b))
    case DRN_MAP_MINIMUM: LOOP(smaller(a, b))
    case DRN_MAP_GREATER: LOOP(one_if(a > b))
    case DRN_MAP_NEGATE: LOOP(-a)
    case DRN_MAP_ABSOLUTE: LOOP(magnitude(a))
    case DRN_MAP_SIGN: LOOP(one_if(a > 0.0f) - one_if(a < 0.0f))
    case DRN_MAP_SQUARE_ROOT: LOOP(square_root(a))
    case DRN_MAP_RECIPROCAL_SQUARE_ROOT: LOOP(1.0f / square_root(a))
    case DRN_MAP_RECIPROCAL: LOOP(1.0f / a)
    case DRN_MAP_EXPONENTIAL: LOOP(exponential(a))
    case DRN_MAP_LOGARITHM: LOOP(logarithm(a))
    case DRN_MAP_HYPERBOLIC_TANGENT: LOOP(hyperbolic_tangent(a))
    case DRN_MAP_SIGMOID: LOOP(sigmoid(a))
    case DRN_MAP_GELU: LOOP(gelu(a))
    case DRN_MAP_GELU_GRADIENT: LOOP(gelu_gradient(a))
    case DRN_MAP_ERROR_FUNCTION: LOOP(error_function(a))
    default: map_pair_loop(opcode, in, out, count);
  }
}
