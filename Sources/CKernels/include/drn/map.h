// Fused elementwise programs: chains of elementwise operations run tile by tile from cache.
#pragma once

#include <stdint.h>

/// Operations of a map program, over registers. x is the `left` register, y the `right` one, d the `destination`.
typedef enum drn_map_opcode : uint8_t {
  DRN_MAP_CONSTANT,           ///< d = immediate.
  DRN_MAP_COPY,               ///< d = x.
  DRN_MAP_MULTIPLY_ADD,       ///< d = d + x * y; one rounding where the processor has FMA.
  DRN_MAP_ADD_IMMEDIATE,      ///< d = x + immediate.
  DRN_MAP_MULTIPLY_IMMEDIATE, ///< d = x * immediate.
  DRN_MAP_MAXIMUM_IMMEDIATE,  ///< d = the larger of x and immediate; NaN if either is.
  DRN_MAP_MINIMUM_IMMEDIATE,  ///< d = the smaller of x and immediate; NaN if either is.
  DRN_MAP_GREATER_IMMEDIATE,  ///< d = 1 if x > immediate, else 0.
#define MAP_BINARY(opcode, mnemonic, expression) DRN_MAP_##opcode,
#define MAP_UNARY(opcode, mnemonic, expression, error) DRN_MAP_##opcode,
#define MAP_REWRITTEN(opcode, mnemonic, error) DRN_MAP_##opcode,
#include "map_functions.inc"
  DRN_MAP_OPCODE_COUNT,
} drn_map_opcode;

/// How far a result may be from the exact one: the sum of these.
typedef struct drn_map_error {
  double ulps;        ///< Units in the last place of the exact result.
  double absolute;    ///< A number.
  double of_operand;  ///< Times max(1, |x|).
} drn_map_error;

/// An elementwise function: what computes the op of that mnemonic.
typedef struct drn_map_function {
  const char *mnemonic;
  drn_map_opcode opcode;
  int operands;  ///< Registers read.
  drn_map_error error;
} drn_map_function;

/// Function number `index`, from 0; null behind the last one.
const drn_map_function *drn_map_function_at(int index);

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

/// An output in memory, always full; of numbers of half the width, and the pitch counted in those, where `is_half` is not 0.
typedef struct drn_map_output {
  void *pointer;
  long pitch;
  int is_half;
} drn_map_output;

/// Checks a program: counts within the limits, register numbers in range, no register read before it has a value.
/// Returns 0, or 1 + the number of the first instruction at fault (1 + instruction_count for outputs, negative for the counts).
int drn_map_check(const drn_map_program *program);
