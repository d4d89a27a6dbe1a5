#include "dispatch.h"

#include <string.h>

#define LANES 4
#include "kernels/table.h"

const kernel_table drn_kernels_baseline = KERNELS(DRN_ISA_BASELINE);
