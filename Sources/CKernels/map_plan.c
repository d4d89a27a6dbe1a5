#include "map_plan.h"

/// How many registers an opcode reads, the destination included where it reads that; -1 for no opcode.
static int operand_count(uint8_t opcode) {
  switch (opcode) {
    case DRN_MAP_CONSTANT: return 0;
    case DRN_MAP_COPY:
    case DRN_MAP_ADD_IMMEDIATE:
    case DRN_MAP_MULTIPLY_IMMEDIATE:
    case DRN_MAP_MAXIMUM_IMMEDIATE:
    case DRN_MAP_MINIMUM_IMMEDIATE:
    case DRN_MAP_GREATER_IMMEDIATE: return 1;
    case DRN_MAP_MULTIPLY_ADD: return 3;
#define MAP_BINARY(opcode, mnemonic, expression) case DRN_MAP_##opcode: return 2;
#define MAP_UNARY(opcode, mnemonic, expression, error) case DRN_MAP_##opcode: return 1;
#define MAP_REWRITTEN(opcode, mnemonic, error) case DRN_MAP_##opcode: return 1;
#include "drn/map_functions.inc"
    default: return -1;
  }
}

static int reads_only_set(const drn_map_instruction *instruction, uint32_t set) {
  int count = operand_count(instruction->opcode);
  const uint8_t read[3] = {instruction->left, instruction->right, instruction->destination};
  if (count < 0 || instruction->destination >= DRN_MAP_REGISTERS) return 0;
  for (int i = 0; i < count; i++) {
    if (read[i] >= DRN_MAP_REGISTERS || !(set >> read[i] & 1)) return 0;
  }
  return 1;
}

int drn_map_check(const drn_map_program *program) {
  if (program->instruction_count < 0 || program->instruction_count > DRN_MAP_INSTRUCTIONS) return -1;
  if (program->input_count < 0 || program->input_count > DRN_MAP_REGISTERS) return -2;
  if (program->output_count < 0 || program->output_count > DRN_MAP_REGISTERS) return -3;
  uint32_t set = (uint32_t)((1ull << program->input_count) - 1);
  for (int i = 0; i < program->instruction_count; i++) {
    if (!reads_only_set(&program->instructions[i], set)) return 1 + i;
    set |= 1u << program->instructions[i].destination;
  }
  for (int i = 0; i < program->output_count; i++) {
    uint8_t output = program->output_registers[i];
    if (output >= DRN_MAP_REGISTERS || !(set >> output & 1)) return 1 + program->instruction_count;
  }
  return 0;
}

static uint8_t add_immediate(map_plan *plan, float value) {
  plan->immediates[plan->immediate_count] = value;
  return (uint8_t)(map_immediate_slot + plan->immediate_count++);
}

static void append(map_plan *plan, uint8_t opcode, int destination, int count, int a, int b, int c) {
  plan->operations[plan->operation_count++] = (map_operation){
    .opcode = opcode,
    .destination = (uint8_t)destination,
    .operand_count = (uint8_t)count,
    .operand = {(uint8_t)a, (uint8_t)b, (uint8_t)c},
  };
}

/// Appends the maximum or minimum of a and a number; the loops for numbers pass over a NaN one, which the general ones keep.
static void append_clamp(map_plan *plan, uint8_t opcode, int destination, int a, float value) {
  uint8_t general = opcode == DRN_MAP_MAXIMUM_IMMEDIATE ? DRN_MAP_MAXIMUM : DRN_MAP_MINIMUM;
  append(plan, value == value ? opcode : general, destination, 2, a, add_immediate(plan, value), 0);
}

/// Appends an instruction in terms of slots; `slot` says where each register's value lives.
static void append_instruction(map_plan *plan, const drn_map_instruction *instruction, uint8_t slot[DRN_MAP_REGISTERS]) {
  int destination = instruction->destination, count = operand_count(instruction->opcode);
  uint8_t a = count > 0 ? slot[instruction->left] : 0, b = count > 1 ? slot[instruction->right] : 0;
  uint8_t opcode = instruction->opcode;
  switch (opcode) {
    case DRN_MAP_CONSTANT:
      slot[destination] = add_immediate(plan, instruction->immediate);
      return;
    case DRN_MAP_COPY:
      // A scratch tile may be written again, inputs and immediates are not: their copies need no tile.
      if (a >= map_input_slot) {
        slot[destination] = a;
        return;
      }
      append(plan, opcode, destination, 1, a, 0, 0);
      break;
    case DRN_MAP_ADD_IMMEDIATE: append(plan, DRN_MAP_ADD, destination, 2, a, add_immediate(plan, instruction->immediate), 0); break;
    case DRN_MAP_MULTIPLY_IMMEDIATE:
      append(plan, DRN_MAP_MULTIPLY, destination, 2, a, add_immediate(plan, instruction->immediate), 0);
      break;
    case DRN_MAP_GREATER_IMMEDIATE:
      append(plan, DRN_MAP_GREATER, destination, 2, a, add_immediate(plan, instruction->immediate), 0);
      break;
    case DRN_MAP_MAXIMUM_IMMEDIATE:
    case DRN_MAP_MINIMUM_IMMEDIATE: append_clamp(plan, opcode, destination, a, instruction->immediate); break;
    case DRN_MAP_RELU: append_clamp(plan, DRN_MAP_MAXIMUM_IMMEDIATE, destination, a, 0); break;
    case DRN_MAP_SQUARE: append(plan, DRN_MAP_MULTIPLY, destination, 2, a, a, 0); break;
    case DRN_MAP_MULTIPLY_ADD:
      append(plan, map_pair(map_first_multiply, map_then_add), destination, 3, a, b, slot[destination]);
      break;
    default: append(plan, opcode, destination, count, a, b, 0);
  }
  slot[destination] = (uint8_t)destination;
}

static int times_read(const map_operation *operation, uint8_t slot) {
  int times = 0;
  for (int i = 0; i < operation->operand_count; i++) times += operation->operand[i] == slot;
  return times;
}

/// Whether the value in `slot` after operation `from` - 1 is read by a later operation or is an output.
static int is_needed(const map_plan *plan, uint8_t slot, int from, uint32_t output_slots) {
  for (int i = from; i < plan->operation_count; i++) {
    if (times_read(&plan->operations[i], slot)) return 1;
    if (plan->operations[i].destination == slot) return 0;
  }
  return output_slots >> slot & 1;
}

static int first_of_pair(uint8_t opcode) {
  switch (opcode) {
    case DRN_MAP_ADD: return map_first_add;
    case DRN_MAP_SUBTRACT: return map_first_subtract;
    case DRN_MAP_MULTIPLY: return map_first_multiply;
    case DRN_MAP_DIVIDE: return map_first_divide;
    case DRN_MAP_GREATER: return map_first_greater;
    default: return -1;
  }
}

/// The second operation of a pair, for a result that is its left or its right operand.
static int second_of_pair(uint8_t opcode, int is_left) {
  switch (opcode) {
    case DRN_MAP_ADD: return map_then_add;
    case DRN_MAP_SUBTRACT: return is_left ? map_then_subtract : map_then_subtract_from;
    case DRN_MAP_MULTIPLY: return map_then_multiply;
    case DRN_MAP_DIVIDE: return is_left ? map_then_divide : map_then_divide_by;
    case DRN_MAP_MAXIMUM_IMMEDIATE: return is_left ? map_then_maximum : -1;
    default: return -1;
  }
}

/// Makes `pair` of operations i and i + 1 if they are one; returns whether they are.
static int join(const map_plan *plan, int i, uint32_t output_slots, map_operation *pair) {
  const map_operation *one = &plan->operations[i], *two = one + 1;
  uint8_t result = one->destination;
  int first = first_of_pair(one->opcode);
  if (first < 0 || times_read(two, result) != 1) return 0;
  if (two->destination != result && is_needed(plan, result, i + 2, output_slots)) return 0;
  int is_left = two->operand[0] == result;
  int second = second_of_pair(two->opcode, is_left);
  if (second < 0) return 0;
  *pair = (map_operation){
    .opcode = (uint8_t)map_pair(first, second),
    .destination = two->destination,
    .operand_count = 3,
    .operand = {one->operand[0], one->operand[1], two->operand[is_left ? 1 : 0]},
  };
  return 1;
}

static void join_pairs(map_plan *plan, uint32_t output_slots) {
  int written = 0;
  map_operation joined[DRN_MAP_INSTRUCTIONS];
  for (int i = 0; i < plan->operation_count; i++) {
    if (i + 1 < plan->operation_count && join(plan, i, output_slots, &joined[written])) i++;
    else joined[written] = plan->operations[i];
    written++;
  }
  for (int i = 0; i < written; i++) plan->operations[i] = joined[i];
  plan->operation_count = written;
}

/// Whether any operation after `writer` reads an input that shares its memory with `output`.
static int is_read_after(
    const map_plan *plan, int writer, const drn_map_input *inputs, int input_count, const drn_map_output *output) {
  for (int i = writer + 1; i < plan->operation_count; i++) {
    for (int o = 0; o < plan->operations[i].operand_count; o++) {
      int input = plan->operations[i].operand[o] - map_input_slot;
      if (input >= 0 && input < input_count && inputs[input].pointer == output->pointer) return 1;
    }
  }
  return 0;
}

/// Lets the last operation that writes scratch tile `slot` write the output, and later ones read it there.
static void write_to_output(
    map_plan *plan, uint8_t slot, int output, const drn_map_input *inputs, int input_count, const drn_map_output *outputs) {
  int writer = plan->operation_count - 1;
  while (writer >= 0 && plan->operations[writer].destination != slot) writer--;
  int target = map_output_slot + output;
  if (writer < 0 || is_read_after(plan, writer, inputs, input_count, &outputs[output])) {
    append(plan, DRN_MAP_COPY, target, 1, slot, 0, 0);
    return;
  }
  plan->operations[writer].destination = (uint8_t)target;
  for (int i = writer + 1; i < plan->operation_count; i++) {
    for (int o = 0; o < plan->operations[i].operand_count; o++) {
      if (plan->operations[i].operand[o] == slot) plan->operations[i].operand[o] = (uint8_t)target;
    }
  }
}

/// Whether output `o` has a scratch tile to itself, so that the tile's writer can write the output instead.
static int has_own_tile(const uint8_t source[DRN_MAP_REGISTERS], int o) {
  if (source[o] >= map_staging_slot) return 0;
  for (int earlier = 0; earlier < o; earlier++) {
    if (source[earlier] == source[o]) return 0;
  }
  return 1;
}

/// Gives every output its value. Outputs that repeat an input go through a tile of their own, since another output may share that
/// input's memory.
static void append_outputs(
    map_plan *plan, const drn_map_program *program, const uint8_t slot[DRN_MAP_REGISTERS], const drn_map_input *inputs,
    const drn_map_output *outputs) {
  uint8_t source[DRN_MAP_REGISTERS];
  for (int o = 0; o < program->output_count; o++) {
    source[o] = slot[program->output_registers[o]];
    if (source[o] < map_input_slot || source[o] >= map_output_slot) continue;
    append(plan, DRN_MAP_COPY, map_staging_slot + o, 1, source[o], 0, 0);
    source[o] = (uint8_t)(map_staging_slot + o);
  }
  for (int o = 0; o < program->output_count; o++) {
    if (!has_own_tile(source, o)) append(plan, DRN_MAP_COPY, map_output_slot + o, 1, source[o], 0, 0);
  }
  for (int o = 0; o < program->output_count; o++) {
    if (has_own_tile(source, o)) write_to_output(plan, source[o], o, inputs, program->input_count, outputs);
  }
}

void drn_map_prepare(const drn_map_program *program, const drn_map_input *inputs, const drn_map_output *outputs, map_plan *plan) {
  uint8_t slot[DRN_MAP_REGISTERS] = {0};
  plan->operation_count = plan->immediate_count = 0;
  for (int i = 0; i < program->input_count; i++) slot[i] = (uint8_t)(map_input_slot + i);
  for (int i = 0; i < program->instruction_count; i++) append_instruction(plan, &program->instructions[i], slot);
  uint32_t output_slots = 0;
  for (int o = 0; o < program->output_count; o++) {
    uint8_t source = slot[program->output_registers[o]];
    if (source < DRN_MAP_REGISTERS) output_slots |= 1u << source;
  }
  join_pairs(plan, output_slots);
  append_outputs(plan, program, slot, inputs, outputs);
}

/// Makes a uniform left operand of a commutative operation the right one, where the loops need to load it only once.
static void order_operands(map_operation *operation) {
  int first = (operation->opcode - DRN_MAP_OPCODE_COUNT) / map_then_count;
  int is_pair = operation->opcode >= DRN_MAP_OPCODE_COUNT;
  int commutes = is_pair ? first == map_first_add || first == map_first_multiply
                         : operation->opcode == DRN_MAP_ADD || operation->opcode == DRN_MAP_MULTIPLY;
  if (!commutes || !operation->is_uniform_operand[0] || operation->is_uniform_operand[1]) return;
  uint8_t left = operation->operand[0];
  operation->operand[0] = operation->operand[1];
  operation->operand[1] = left;
  operation->is_uniform_operand[0] = 0;
  operation->is_uniform_operand[1] = 1;
}

void drn_map_mark_uniform(map_plan *plan, const drn_map_input *inputs, int input_count, int across_rows) {
  uint8_t uniform[map_slot_count] = {0};
  for (int i = 0; i < input_count; i++) {
    uniform[map_input_slot + i] = inputs[i].kind == DRN_MAP_SCALAR || (inputs[i].kind == DRN_MAP_COLUMN && !across_rows);
  }
  for (int i = 0; i < plan->immediate_count; i++) uniform[map_immediate_slot + i] = 1;
  for (int i = 0; i < plan->operation_count; i++) {
    map_operation *operation = &plan->operations[i];
    int is_output = operation->destination >= map_output_slot;
    operation->is_uniform = !is_output;
    for (int o = 0; o < operation->operand_count; o++) {
      operation->is_uniform_operand[o] = uniform[operation->operand[o]];
      operation->is_uniform &= operation->is_uniform_operand[o];
    }
    uniform[operation->destination] = operation->is_uniform;
    order_operands(operation);
  }
}
