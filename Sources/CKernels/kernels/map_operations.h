// The loops of a map program, one per operation and one per pair of operations. An operand with one value for the whole tile is loaded once
// before the loop (b and c), or read at `i & mask` with a mask of 0 (a): neither needs a tile of its own.
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
    case DRN_MAP_ADD: BINARY(a + b)
    case DRN_MAP_SUBTRACT: BINARY(a - b)
    case DRN_MAP_MULTIPLY: BINARY(a * b)
    case DRN_MAP_DIVIDE: BINARY(a / b)
    case DRN_MAP_MAXIMUM: BINARY(nan_or(a, larger(a, b)))
    case DRN_MAP_MINIMUM: BINARY(nan_or(a, smaller(a, b)))
    // b is a number: with it first, one instruction gives a where a is NaN.
    case DRN_MAP_MAXIMUM_IMMEDIATE: BINARY(larger(b, a))
    case DRN_MAP_MINIMUM_IMMEDIATE: BINARY(smaller(b, a))
    case DRN_MAP_GREATER: BINARY(one_if(a > b))
    case DRN_MAP_NEGATE: UNARY(-a)
    case DRN_MAP_ABSOLUTE: UNARY(magnitude(a))
    case DRN_MAP_SIGN: UNARY(one_if(a > 0.0f) - one_if(a < 0.0f))
    case DRN_MAP_SQUARE_ROOT: UNARY(square_root(a))
    case DRN_MAP_RECIPROCAL_SQUARE_ROOT: UNARY(1.0f / square_root(a))
    case DRN_MAP_RECIPROCAL: UNARY(1.0f / a)
    case DRN_MAP_EXPONENTIAL: UNARY(exponential(a))
    case DRN_MAP_LOGARITHM: UNARY(logarithm(a))
    case DRN_MAP_HYPERBOLIC_TANGENT: UNARY(hyperbolic_tangent(a))
    case DRN_MAP_SIGMOID: UNARY(sigmoid(a))
    case DRN_MAP_GELU: UNARY(gelu(a))
    case DRN_MAP_GELU_GRADIENT: UNARY(gelu_gradient(a))
    case DRN_MAP_ERROR_FUNCTION: UNARY(error_function(a))
    default: map_pair_loop(opcode, in, out, count);
  }
}
