// The public functions that exist once per instruction set: each calls the kernel of the set in use.
#include "attention_sizes.h"
#include "dispatch.h"
#include "winograd_sizes.h"

#define KERNEL(result, name, parameters, arguments) \
  result drn_##name parameters { return drn_kernels()->name arguments; }
#include "drn/kernels.inc"
#undef KERNEL

long drn_attention_work(long padded_length, long size, int gradient) { return attention_work(padded_length, size, gradient); }

long drn_cached_attention_work(long length, long size) { return cached_attention_work(length, size); }

long drn_winograd_work(long channels, long outputs) { return winograd_work(channels, outputs); }

long drn_winograd_wide_work(void) { return winograd_wide_work(); }

long drn_winograd_wide_step(long channels, long tiles) { return winograd_wide_step(channels, tiles); }
