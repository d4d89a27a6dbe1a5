// Every kernel for one instruction set: a variant_*.c defines LANES, TABLE and TABLE_ISA, opens its target, and includes this. So each file
// of this folder is compiled once per instruction set.
#pragma once

#include "attention.h"
#include "attention_cached.h"
#include "attention_gradient.h"
#include "convolution.h"
#include "convolution_blocks.h"
#include "convolution_gradient.h"
#include "convolution_thin.h"
#include "depthwise.h"
#include "half.h"
#include "map_run.h"
#include "magnitudes.h"
#include "moments.h"
#include "normalization.h"
#include "peak.h"
#include "random.h"
#include "reduce.h"
#include "rows.h"
#include "softmax.h"
#include "windows.h"
#include "winograd.h"
#include "winograd_gradient.h"
#include "winograd_wide.h"
#include "winograd_wide_gradient.h"

#define KERNEL(result, name, parameters, arguments) .name = name,
const kernel_table TABLE = {
    .isa = TABLE_ISA,
#include "drn/kernels.inc"
    .multiply_adds = multiply_adds,
};
#undef KERNEL
