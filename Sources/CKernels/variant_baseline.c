#include "dispatch.h"

#include <string.h>

#define LANES 4
#define TABLE drn_kernels_baseline
#define TABLE_ISA DRN_ISA_BASELINE
#include "kernels/table.h"
