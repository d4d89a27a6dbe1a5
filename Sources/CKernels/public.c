// The public functions that exist once per instruction set: each calls the kernel of the set in use.
#include "dispatch.h"
#include "winograd_sizes.h"

#define KERNEL(result, name, parameters, arguments) \
  result drn_##name parameters { return drn_kernels()->name arguments; }
#include "drn/kernels.inc"
#undef KERNEL

long drn_winograd_work(long channels, long outputs) { return winograd_work(channels, outputs); }
