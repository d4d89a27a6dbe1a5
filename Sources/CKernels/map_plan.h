// A map program prepared for execution: operands resolved to slots, immediates turned into scalar operands, pairs of operations joined,
// results written straight to the outputs where that is safe.
#pragma once

#include "CKernels.h"

/// Slots of a plan: where values live. Scratch tiles first: one per register, then one per output that repeats an input.
enum {
  map_staging_slot = DRN_MAP_REGISTERS,
  map_input_slot = map_staging_slot + DRN_MAP_REGISTERS,
  map_output_slot = map_input_slot + DRN_MAP_REGISTERS,
  map_immediate_slot = map_output_slot + DRN_MAP_REGISTERS,
  map_slot_count = map_immediate_slot + DRN_MAP_INSTRUCTIONS,
};

/// Operations that can come first in a pair.
enum { map_first_add, map_first_subtract, map_first_multiply, map_first_divide, map_first_greater };
/// Operations that can come second: r is the first one's result, c the third operand.
enum {
  map_then_add,            // r + c
  map_then_subtract,       // r - c
  map_then_subtract_from,  // c - r
  map_then_multiply,       // r * c
  map_then_divide,         // r / c
  map_then_divide_by,      // c / r
  map_then_maximum,        // c > r ? c : r, with a number c, so that a NaN r stays
  map_then_count,
};

#define map_pair(first, then) (DRN_MAP_OPCODE_COUNT + (first) * map_then_count + (then))

/// One loop over a tile: slots of up to three operands and of the result.
typedef struct {
  uint8_t opcode;  // a drn_map_opcode or a map_pair
  uint8_t destination;
  uint8_t operand_count;
  uint8_t operand[3];
  // Whether an operand, or the result, holds one value for the whole tile; such a result is computed once.
  uint8_t is_uniform_operand[3];
  uint8_t is_uniform;
} map_operation;

typedef struct {
  int operation_count;
  // Up to two copies per output follow the instructions.
  map_operation operations[DRN_MAP_INSTRUCTIONS + 2 * DRN_MAP_REGISTERS];
  int immediate_count;
  float immediates[DRN_MAP_INSTRUCTIONS];
} map_plan;

/// Prepares a program that passes `drn_map_check`.
void drn_map_prepare(const drn_map_program *program, const drn_map_input *inputs, const drn_map_output *outputs, map_plan *plan);

/// Marks what holds one value for a whole tile; `across_rows` says that a tile spans rows, so that columns vary in it too.
void drn_map_mark_uniform(map_plan *plan, const drn_map_input *inputs, int input_count, int across_rows);
