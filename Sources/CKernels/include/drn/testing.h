// What only tests call.
#pragma once

#include "cpu.h"

/// Uses `isa`, or the best the processor has if that is less, for kernels called from this thread; returns what it will use.
/// For comparing variants in tests; DRN_ISA is for a whole process.
drn_isa drn_set_isa(drn_isa isa);

/// Floats of the work space of the Winograd kernels.
long drn_winograd_work(long channels, long outputs);

/// Floats of the work space of the wide Winograd kernels, and from one point of transformed tiles to the next.
long drn_winograd_wide_work(void);
long drn_winograd_wide_step(long channels, long tiles);

/// Floats of work of `drn_attend`, or of its gradient.
long drn_attention_work(long padded_length, long size, int gradient);

/// Floats of work of `drn_attend_cached`.
long drn_cached_attention_work(long length, long size);
