// The LAPACK routines in libopenblas that the factorizations call. The last arguments are the lengths of the character arguments, which
// Fortran passes.
#pragma once

#include <stddef.h>

void openblas_set_num_threads(int count);

#define DECLARE_LAPACK(letter, real)                                                                                         \
  void letter##gesdd_(                                                                                                       \
      const char *job, const int *m, const int *n, real *a, const int *lda, real *s, real *u, const int *ldu, real *vt,      \
      const int *ldvt, real *work, const int *lwork, int *iwork, int *info, size_t job_length);                              \
  void letter##geqrf_(                                                                                                       \
      const int *m, const int *n, real *a, const int *lda, real *tau, real *work, const int *lwork, int *info);              \
  void letter##orgqr_(                                                                                                       \
      const int *m, const int *n, const int *k, real *a, const int *lda, const real *tau, real *work, const int *lwork,      \
      int *info);

DECLARE_LAPACK(s, float)
DECLARE_LAPACK(d, double)

void ssyevd_(
    const char *job, const char *triangle, const int *n, float *a, const int *lda, float *values, float *work, const int *lwork,
    int *iwork, const int *liwork, int *info, size_t job_length, size_t triangle_length);
