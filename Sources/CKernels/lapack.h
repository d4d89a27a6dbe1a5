// The LAPACK routines in libopenblas that the factorizations call. The last arguments are the lengths of the character arguments, which
// Fortran passes.
#pragma once

#include <stddef.h>

void openblas_set_num_threads(int count);

void sgesdd_(
    const char *job, const int *m, const int *n, float *a, const int *lda, float *s, float *u, const int *ldu, float *vt, const int *ldvt,
    float *work, const int *lwork, int *iwork, int *info, size_t job_length);
void sgeqrf_(const int *m, const int *n, float *a, const int *lda, float *tau, float *work, const int *lwork, int *info);
void sorgqr_(
    const int *m, const int *n, const int *k, float *a, const int *lda, const float *tau, float *work, const int *lwork, int *info);
