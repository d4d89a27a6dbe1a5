#define _GNU_SOURCE
#include "dispatch.h"
#include "openmp.h"

#include <dnnl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

extern char *openblas_get_corename(void) __attribute__((weak));

static const char *const isa_names[] = {"baseline", "avx2", "avx512"};

static drn_isa best_isa(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw")) {
    return DRN_ISA_AVX512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2")) return DRN_ISA_AVX2;
#endif
  return DRN_ISA_BASELINE;
}

static const kernel_table *table_of(drn_isa isa) {
#if defined(__x86_64__)
  if (isa == DRN_ISA_AVX512) return &drn_kernels_avx512;
  if (isa == DRN_ISA_AVX2) return &drn_kernels_avx2;
#endif
  (void)isa;
  return &drn_kernels_baseline;
}

static drn_isa wanted_isa(void) {
  const char *wanted = getenv("DRN_ISA");
  for (int isa = 0; wanted && isa <= DRN_ISA_AVX512; isa++) {
    if (strcmp(wanted, isa_names[isa]) == 0) return (drn_isa)isa;
  }
  return DRN_ISA_AVX512;
}

static const kernel_table *process_kernels;
static _Thread_local const kernel_table *thread_kernels;

static const kernel_table *table_up_to(drn_isa isa) {
  drn_isa best = best_isa();
  return table_of(isa < best ? isa : best);
}

__attribute__((constructor)) static void choose_kernels(void) { process_kernels = table_up_to(wanted_isa()); }

drn_isa drn_set_isa(drn_isa isa) {
  thread_kernels = table_up_to(isa);
  return thread_kernels->isa;
}

const kernel_table *drn_kernels(void) { return thread_kernels ? thread_kernels : process_kernels; }

drn_isa drn_isa_in_use(void) { return drn_kernels()->isa; }

/// The processor's name from /proc/cpuinfo, or the architecture.
static void read_processor_name(char name[128]) {
  snprintf(name, 128, "unknown processor");
  FILE *file = fopen("/proc/cpuinfo", "r");
  if (!file) return;
  char line[256];
  while (fgets(line, sizeof line, file)) {
    if (strncmp(line, "model name", 10) == 0 && sscanf(line, "%*[^:]: %127[^\n]", name) == 1) break;
  }
  fclose(file);
}

long drn_cpu_description(char *buffer, long capacity) {
  char processor[128];
  read_processor_name(processor);
  const dnnl_version_t *dnnl = dnnl_version();
  return snprintf(
      buffer, capacity > 0 ? (size_t)capacity : 0, "%s; kernels %s; %d threads (%s); oneDNN %d.%d.%d isa %#x; OpenBLAS %s", processor,
      isa_names[drn_isa_in_use()], drn_threads(), openmp_present() ? "libgomp" : "serial", dnnl->major, dnnl->minor, dnnl->patch,
      (unsigned)dnnl_get_effective_cpu_isa(), openblas_get_corename ? openblas_get_corename() : "unknown");
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

enum { peak_rounds = 400000, peak_repetitions = 10 };

typedef struct {
  _Atomic long flops;
} peak_count;

static void count_multiply_adds(void *context, long index) {
  (void)index;
  peak_count *count = context;
  atomic_fetch_add(&count->flops, (long)drn_kernels()->multiply_adds(peak_rounds));
}

double drn_peak_flops_probe(int threads) {
  if (threads < 1) threads = drn_threads();
  double best = 0;
  for (int repetition = 0; repetition < peak_repetitions; repetition++) {
    peak_count count = {0};
    double start = seconds();
    drn_team_run(count_multiply_adds, &count, threads, threads);
    double rate = (double)count.flops / (seconds() - start);
    if (rate > best) best = rate;
  }
  return best;
}
