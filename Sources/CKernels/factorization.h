// What the factorizations share.
#pragma once

#include "CKernels.h"
#include "lapack.h"

#include <limits.h>
#include <string.h>

/// LAPACK indexes in int: sizes and whole matrices must fit it.
static inline int fits_lapack(long m, long n) {
  return m >= 0 && n >= 0 && m <= INT_MAX && n <= INT_MAX && m * n <= INT_MAX;
}

/// A workspace size LAPACK answered in floating point, rounded up past what that lost.
static inline long work_size(float answer) { return (long)((double)answer * 1.000001) + 1; }

/// Room for `count` ints, in floats.
static inline long int_room(long count) { return (count * (long)sizeof(int) + (long)sizeof(float) - 1) / (long)sizeof(float) + 1; }

static inline float absolute(float x) { return x < 0 ? -x : x; }

static inline int is_finite(const float *a, long lda, long m, long n) {
  int finite = 1;
  for (long row = 0; row < m; row++) {
    for (long column = 0; column < n; column++) finite &= absolute(a[row * lda + column]) < (float)__builtin_inf();
  }
  return finite;
}

static inline void copy_rows(const float *a, long lda, long m, long n, float *out, long ld) {
  for (long row = 0; row < m; row++) memcpy(out + row * ld, a + row * lda, (size_t)n * sizeof *a);
}

/// out (n x m) = the transpose of a (m x n), in blocks that stay in cache; also from row-major to column-major and back.
static inline void transpose(const float *a, long lda, long m, long n, float *out, long ld) {
  enum { block = 16 };
  for (long i0 = 0; i0 < m; i0 += block) {
    for (long j0 = 0; j0 < n; j0 += block) {
      for (long j = j0; j < n && j < j0 + block; j++) {
        for (long i = i0; i < m && i < i0 + block; i++) out[j * ld + i] = a[i * lda + j];
      }
    }
  }
}

static inline void transpose_in_place(float *a, long lda, long n) {
  for (long i = 0; i < n; i++) {
    for (long j = 0; j < i; j++) {
      float upper = a[j * lda + i];
      a[j * lda + i] = a[i * lda + j];
      a[i * lda + j] = upper;
    }
  }
}

static inline void negate_row(float *a, long n) {
  for (long i = 0; i < n; i++) a[i] = -a[i];
}

static inline int status_of(int info) {
  if (info == 0) return DRN_LAPACK_DONE;
  return info > 0 ? DRN_LAPACK_NO_CONVERGENCE : DRN_LAPACK_BAD_ARGUMENT;
}
