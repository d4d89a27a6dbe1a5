// The entry points of libgomp that the kernels use. oneDNN brings libgomp along; where it is absent they are null.
#pragma once

extern void GOMP_parallel(void (*region)(void *), void *data, unsigned threads, unsigned flags) __attribute__((weak));
extern int omp_get_thread_num(void) __attribute__((weak));
extern int omp_get_num_threads(void) __attribute__((weak));
extern int omp_in_parallel(void) __attribute__((weak));
extern int omp_get_max_threads(void) __attribute__((weak));
extern void omp_set_num_threads(int) __attribute__((weak));

/// Whether libgomp is there.
static inline int openmp_present(void) {
  return GOMP_parallel && omp_get_thread_num && omp_get_num_threads && omp_in_parallel && omp_get_max_threads && omp_set_num_threads;
}
