// Runs a prepared map program: whole vectors of columns straight from memory, the columns left over packed together from many rows.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "half.h"
#include "map_operations.h"

enum {
  map_tile = 1024,        // columns of a tile of a short program, which needs few registers at once
  map_long_tile = 512,    // of a longer one, so that its registers too stay in L1
  map_short_program = 3,  // operations
  map_packed_tile = 256,  // elements of a packed tile
};

typedef struct {
  map_plan plan;
  const drn_map_program *program;
  const drn_map_input *inputs;
  const drn_map_output *outputs;
  float *address[map_slot_count];
  float splats[DRN_MAP_REGISTERS + DRN_MAP_INSTRUCTIONS][LANES];
  float scratch[map_input_slot][map_tile];
  // Tiles of the outputs of half width, before they are rounded.
  float wide[DRN_MAP_REGISTERS][map_tile];
} map_state;

INLINE void splat_slot(map_state *state, int slot, float value) {
  int index = slot < map_immediate_slot ? slot - map_input_slot : slot - map_immediate_slot + DRN_MAP_REGISTERS;
  state->address[slot] = state->splats[index];
  store(state->splats[index], splat(value));
}

static void run_tile(map_state *state, long count) {
  for (int i = 0; i < state->plan.operation_count; i++) {
    const map_operation *operation = &state->plan.operations[i];
    operands in = {
        state->address[operation->operand[0]], state->address[operation->operand[1]], state->address[operation->operand[2]],
        (long)operation->is_uniform_operand[0] - 1, operation->is_uniform_operand[1], operation->is_uniform_operand[2]};
    // The result may overwrite the tile that holds a uniform left operand while it is still being read.
    float uniform[LANES];
    if (operation->is_uniform_operand[0]) {
      store(uniform, load(in.a));
      in.a = uniform;
    }
    map_loop(operation->opcode, in, state->address[operation->destination], operation->is_uniform ? LANES : count);
  }
}

/// Columns column..<column + count of one row, a whole number of vectors.
static void run_row_tile(map_state *state, long row, long column, long count) {
  for (int i = 0; i < state->program->input_count; i++) {
    const drn_map_input *input = &state->inputs[i];
    // Operands are only read, but slots of inputs and of results share one table.
    if (input->kind == DRN_MAP_FULL) state->address[map_input_slot + i] = (float *)input->pointer + row * input->pitch + column;
    else if (input->kind == DRN_MAP_ROW) state->address[map_input_slot + i] = (float *)input->pointer + column;
    else if (input->kind == DRN_MAP_COLUMN) splat_slot(state, map_input_slot + i, input->pointer[row * input->pitch]);
  }
  for (int o = 0; o < state->program->output_count; o++) {
    const drn_map_output *output = &state->outputs[o];
    state->address[map_output_slot + o] =
        output->is_half ? state->wide[o] : (float *)output->pointer + row * output->pitch + column;
  }
  run_tile(state, count);
  for (int o = 0; o < state->program->output_count; o++) {
    const drn_map_output *output = &state->outputs[o];
    if (output->is_half) narrow_tile(state->wide[o], (uint16_t *)output->pointer + row * output->pitch + column, count);
  }
}

static void pack_input(const drn_map_input *input, float *packed, long row, long rows, long column, long columns) {
  for (long r = 0; r < rows; r++, packed += columns) {
    const float *full = input->pointer + (row + r) * input->pitch;
    for (long c = 0; c < columns; c++) {
      if (input->kind == DRN_MAP_FULL) packed[c] = full[column + c];
      else packed[c] = input->kind == DRN_MAP_ROW ? input->pointer[column + c] : full[0];
    }
  }
}

/// Fewer columns than a vector holds, of as many rows as fit the packed tile.
static void run_packed_tile(map_state *state, long row, long rows, long column, long columns) {
  float packed_inputs[DRN_MAP_REGISTERS][map_packed_tile], packed_outputs[DRN_MAP_REGISTERS][map_packed_tile];
  long count = (rows * columns + LANES - 1) / LANES * LANES;
  for (int i = 0; i < state->program->input_count; i++) {
    if (state->inputs[i].kind == DRN_MAP_SCALAR) continue;
    state->address[map_input_slot + i] = packed_inputs[i];
    pack_input(&state->inputs[i], packed_inputs[i], row, rows, column, columns);
    for (long rest = rows * columns; rest < count; rest++) packed_inputs[i][rest] = 1;
  }
  for (int o = 0; o < state->program->output_count; o++) state->address[map_output_slot + o] = packed_outputs[o];
  run_tile(state, count);
  for (int o = 0; o < state->program->output_count; o++) {
    const drn_map_output *output = &state->outputs[o];
    for (long r = 0; r < rows; r++) {
      long first = (row + r) * output->pitch + column;
      for (long c = 0; c < columns; c++) {
        float value = packed_outputs[o][r * columns + c];
        if (output->is_half) ((uint16_t *)output->pointer)[first + c] = half_of(value);
        else ((float *)output->pointer)[first + c] = value;
      }
    }
  }
}

static void start(map_state *state) {
  drn_map_prepare(state->program, state->inputs, state->outputs, &state->plan);
  for (int i = 0; i < map_input_slot; i++) state->address[i] = state->scratch[i];
  for (int i = 0; i < state->plan.immediate_count; i++) splat_slot(state, map_immediate_slot + i, state->plan.immediates[i]);
  for (int i = 0; i < state->program->input_count; i++) {
    if (state->inputs[i].kind == DRN_MAP_SCALAR) splat_slot(state, map_input_slot + i, state->inputs[i].pointer[0]);
  }
}

/// Whether all rows follow each other without gaps in every operand, so that they can count as one.
static int is_contiguous(const map_state *state, long columns) {
  for (int i = 0; i < state->program->input_count; i++) {
    const drn_map_input *input = &state->inputs[i];
    if (input->kind != DRN_MAP_SCALAR && (input->kind != DRN_MAP_FULL || input->pitch != columns)) return 0;
  }
  for (int o = 0; o < state->program->output_count; o++) {
    if (state->outputs[o].pitch != columns) return 0;
  }
  return 1;
}

static void run_rows(map_state *state, long row_begin, long row_end, long col_begin, long col_end) {
  long main_end = col_begin + (col_end - col_begin) / LANES * LANES, rest = col_end - main_end;
  int inputs = state->program->input_count;
  long tile = state->plan.operation_count <= map_short_program ? map_tile : map_long_tile;
  drn_map_mark_uniform(&state->plan, state->inputs, inputs, 0);
  for (long row = row_begin; row < row_end; row++) {
    for (long column = col_begin; column < main_end; column += tile) {
      run_row_tile(state, row, column, main_end - column < tile ? main_end - column : tile);
    }
  }
  if (rest == 0) return;
  drn_map_mark_uniform(&state->plan, state->inputs, inputs, 1);
  long rows = map_packed_tile / rest;
  for (long row = row_begin; row < row_end; row += rows) {
    run_packed_tile(state, row, row_end - row < rows ? row_end - row : rows, main_end, rest);
  }
}

static void map_run(
    const drn_map_program *program, const drn_map_input *inputs, const drn_map_output *outputs, long row_begin, long row_end,
    long col_begin, long col_end) {
  if (row_end <= row_begin || col_end <= col_begin) return;
  map_state state;
  state.program = program;
  state.inputs = inputs;
  state.outputs = outputs;
  start(&state);
  long columns = col_end - col_begin;
  // Row `row_begin` then starts at row_begin * columns, and columns run on from there.
  if (is_contiguous(&state, columns)) run_rows(&state, 0, 1, row_begin * columns + col_begin, row_end * columns + col_begin);
  else run_rows(&state, row_begin, row_end, col_begin, col_end);
}
