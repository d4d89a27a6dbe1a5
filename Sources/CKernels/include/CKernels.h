// Everything the executor needs below Swift: a thread team, matrix products, fused elementwise programs, reductions,
// network kernels, random streams and small dense linear algebra.
//
// Conventions, for every header of this target:
// - Matrices are row-major; a pitch or leading dimension is the distance in floats between the starts of two rows.
// - A kernel runs on the calling thread and touches only the piece its arguments name, so that the caller can tile it over the team.
// - Results depend on shapes and on the instruction set chosen (cpu.h), never on the number of threads.
// - Empty sizes are allowed everywhere and do nothing. No kernel allocates, except where its comment says so.
// - Pointers need no alignment beyond that of their type, unless a comment says so, and the caller owns all memory.
// - The functions that exist once per instruction set, most of them, are declared and described in drn/kernels.inc.
#pragma once

#include <stdint.h>

#include "drn/address_space.h"
#include "drn/attention.h"
#include "drn/convolution.h"
#include "drn/cpu.h"
#include "drn/gemm.h"
#include "drn/half_product.h"
#include "drn/linear_algebra.h"
#include "drn/loss.h"
#include "drn/map.h"
#include "drn/normalization.h"
#include "drn/random.h"
#include "drn/team.h"
#include "drn/testing.h"

#define KERNEL(result, name, parameters, arguments) result drn_##name parameters;
#include "drn/kernels.inc"
#undef KERNEL
