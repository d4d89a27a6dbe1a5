// Fused elementwise programs: chains of elementwise operations run tile by tile from cache.
#pragma once

#include <stdint.h>

/// Operations of a map program, over registers. x is the `left` register, y the `right` one, d the `destination`.
///
/// Errors are against the exact result, in units in the last place (ulp), where no more is said: correctly rounded.
typedef enum drn_map_opcode : uint8_t {
  DRN_MAP_CONSTANT = 0,             ///< d = immediate.
  DRN_MAP_COPY = 1,                 ///< d = x.
  DRN_MAP_ADD = 2,                  ///< d = x + y.
  DRN_MAP_SUBTRACT = 3,             ///< d = x - y.
  DRN_MAP_MULTIPLY = 4,             ///< d = x * y.
  DRN_MAP_DIVIDE = 5,               ///< d = x / y.
  DRN_MAP_MAXIMUM = 6,              ///< d = the larger; NaN if either is.
  DRN_MAP_MINIMUM = 7,              ///< d = the smaller; NaN if either is.
  DRN_MAP_GREATER = 8,              ///< d = 1 if x > y, else 0, also where either is NaN.
  DRN_MAP_MULTIPLY_ADD = 9,         ///< d = d + x * y; one rounding where the processor has FMA.
  DRN_MAP_ADD_IMMEDIATE = 10,       ///< d = x + immediate.
  DRN_MAP_MULTIPLY_IMMEDIATE = 11,  ///< d = x * immediate.
  DRN_MAP_MAXIMUM_IMMEDIATE = 12,   ///< d = the larger of x and immediate; NaN if either is.
  DRN_MAP_MINIMUM_IMMEDIATE = 13,   ///< d = the smaller of x and immediate; NaN if either is.
  DRN_MAP_GREATER_IMMEDIATE = 14,   ///< d = 1 if x > immediate, else 0.
  DRN_MAP_NEGATE = 15,              ///< d = -x.
  DRN_MAP_ABSOLUTE = 16,            ///< d = |x|.
  DRN_MAP_SIGN = 17,                ///< d = -1, 0 or 1; 0 for NaN.
  DRN_MAP_SQUARE = 18,              ///< d = x * x.
  DRN_MAP_SQUARE_ROOT = 19,         ///< d = the square root.
  DRN_MAP_RECIPROCAL_SQUARE_ROOT = 20,  ///< d = 1 / sqrt(x), by both operations (1.5 ulp).
  DRN_MAP_RECIPROCAL = 21,          ///< d = 1 / x.
  DRN_MAP_EXPONENTIAL = 22,         ///< d = e^x (2 ulp; results under 2^-126 become 0).
  DRN_MAP_LOGARITHM = 23,           ///< d = ln x (2 ulp; NaN below 0, -infinity at 0 and for denormal x).
  DRN_MAP_HYPERBOLIC_TANGENT = 24,  ///< d = tanh x (4 ulp).
  DRN_MAP_SIGMOID = 25,             ///< d = 1 / (1 + e^-x) (4 ulp).
  DRN_MAP_GELU = 26,                ///< d = x * Phi(x) with the exact normal distribution Phi (error 2e-7 of max(1, |x|)).
  DRN_MAP_GELU_GRADIENT = 27,       ///< d = Phi(x) + x * phi(x) (error 4e-7 absolute).
  DRN_MAP_RELU = 28,                ///< d = max(x, 0); NaN for NaN.
  DRN_MAP_ERROR_FUNCTION = 29,      ///< d = erf x (error 2e-7 absolute).
  DRN_MAP_OPCODE_COUNT = 30,
} drn_map_opcode;

/// One instruction; `opcode` is a `drn_map_opcode`, the others are register numbers. Fields an opcode does not use are ignored.
typedef struct drn_map_instruction {
  uint8_t opcode;
  uint8_t destination;
  uint8_t left;
  uint8_t right;
  float immediate;
} drn_map_instruction;

/// Registers of a program, at most.
#define DRN_MAP_REGISTERS 32
/// Instructions of a program, at most.
#define DRN_MAP_INSTRUCTIONS 64

/// A straight line of instructions.
///
/// Registers 0..<input_count hold the inputs at the start; instructions may overwrite them (inputs in memory stay as they are).
/// At the end output i is what register output_registers[i] holds. A multiplication whose product is used once, by the next
/// instruction, to add or subtract, may be contracted with it to one rounding.
typedef struct drn_map_program {
  int instruction_count;
  const drn_map_instruction *instructions;
  int input_count;
  int output_count;
  const uint8_t *output_registers;
} drn_map_program;

/// How an input relates to the rows and columns of the map.
typedef enum drn_map_kind : uint8_t {
  DRN_MAP_FULL = 0,    ///< One value per element: pointer[row * pitch + column].
  DRN_MAP_ROW = 1,     ///< One value per column, the same in every row: pointer[column].
  DRN_MAP_COLUMN = 2,  ///< One value per row: pointer[row * pitch].
  DRN_MAP_SCALAR = 3,  ///< One value: pointer[0].
} drn_map_kind;

/// An input in memory.
typedef struct drn_map_input {
  const float *pointer;
  long pitch;
  drn_map_kind kind;
} drn_map_input;

/// An output in memory, always full.
typedef struct drn_map_output {
  float *pointer;
  long pitch;
} drn_map_output;

/// Checks a program: counts within the limits, register numbers in range, no register read before it has a value.
/// Returns 0, or 1 + the number of the first instruction at fault (1 + instruction_count for outputs, negative for the counts).
int drn_map_check(const drn_map_program *program);

/// Runs a program over rows row_begin..<row_end and columns col_begin..<col_end. The program must pass `drn_map_check`.
///
/// Pointers are those of row 0, column 0. An output may be one of the full inputs, with the same pitch; any other overlap of an
/// output with an input or another output gives unspecified values.
void drn_map_run(
    const drn_map_program *program, const drn_map_input *inputs, const drn_map_output *outputs, long row_begin, long row_end,
    long col_begin, long col_end);
