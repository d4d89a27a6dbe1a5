// Refuses to start in too little address space (`ulimit -v`): OpenBLAS maps its buffers as it is loaded, and where there is no room for
// them it tries for ever.
#ifdef __linux__
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "drn/address_space.h"

static void refuse_small_address_space(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >> 20 >= drn_least_mebibytes) return;
  char text[200];
  int length = snprintf(
      text, sizeof text, "error[DRN0602]: this process is limited to %lu MiB of addresses (ulimit -v), and drnc needs %d MiB\n",
      (unsigned long)(limit.rlim_cur >> 20), drn_least_mebibytes);
  ssize_t written = write(STDERR_FILENO, text, (size_t)length);
  (void)written;
  _exit(1);
}

/// In an executable these run before the libraries' own constructors.
__attribute__((section(".preinit_array"), used)) static void (*const before_libraries)(void) = refuse_small_address_space;
#endif
