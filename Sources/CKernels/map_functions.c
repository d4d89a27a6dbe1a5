#include "CKernels.h"

#define ULPS(n) {.ulps = n}
#define ABSOLUTE(bound) {.absolute = bound}
#define OF_OPERAND(bound) {.of_operand = bound}
#define MAP_BINARY(code, name, expression) {#name, DRN_MAP_##code, 2, ULPS(0.5)},
#define MAP_UNARY(code, name, expression, bound) {#name, DRN_MAP_##code, 1, bound},
#define MAP_REWRITTEN(code, name, bound) {#name, DRN_MAP_##code, 1, bound},

static const drn_map_function functions[] = {
#include "drn/map_functions.inc"
};

const drn_map_function *drn_map_function_at(int index) {
  return index >= 0 && index < (int)(sizeof functions / sizeof *functions) ? &functions[index] : 0;
}
