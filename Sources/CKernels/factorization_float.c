#define REAL float
#define LAPACK(routine) s##routine
#include "qr.h"
#include "svd.h"

long drn_svd_workspace(long m, long n) { return svd_workspace(m, n); }

int drn_svd(
    long m, long n, const float *a, long lda, float *u, long ldu, float *s, float *vt, long ldvt, float *workspace,
    long workspace_count) {
  return svd(m, n, a, lda, u, ldu, s, vt, ldvt, workspace, workspace_count);
}

long drn_qr_workspace(long m, long n) { return qr_workspace(m, n); }

int drn_qr(
    long m, long n, const float *a, long lda, float *q, long ldq, float *r, long ldr, float *workspace, long workspace_count) {
  return qr(m, n, a, lda, q, ldq, r, ldr, workspace, workspace_count);
}

/// Calls ssyevd; row-major with the upper triangle is column-major with the lower one.
static int call_syevd(long size, float *a, long lda, float *values, float *work, long lwork, int *iwork, int liwork) {
  int n = (int)size, lda_int = (int)lda, lwork_int = lwork < INT_MAX ? (int)lwork : INT_MAX, info = 0;
  ssyevd_("V", "L", &n, a, &lda_int, values, work, &lwork_int, iwork, &liwork, &info, 1, 1);
  return status_of(info);
}

static long eigen_int_count(long n) { return 3 + 5 * n; }

long drn_symmetric_eigen_workspace(long n) {
  if (!fits_lapack(n, n) || n == 0) return 0;
  float answer = 0, none = 0;
  int iwork = 0;
  call_syevd(n, &none, n, &none, &answer, -1, &iwork, -1);
  return int_room(eigen_int_count(n)) + work_size(answer);
}

/// Makes the largest entry of each row positive.
static void fix_row_signs(float *vectors, long ldv, long n) {
  for (long i = 0; i < n; i++) {
    float *row = vectors + i * ldv, largest = 0;
    for (long j = 0; j < n; j++) largest = absolute(row[j]) > absolute(largest) ? row[j] : largest;
    if (largest < 0) negate_row(row, n);
  }
}

/// Whether the upper triangle is finite.
static int is_upper_finite(const float *a, long lda, long n) {
  for (long row = 0; row < n; row++) {
    if (!is_finite(a + row * lda + row, lda, 1, n - row)) return 0;
  }
  return 1;
}

int drn_symmetric_eigen(
    long n, const float *a, long lda, float *values, float *vectors, long ldv, float *workspace, long workspace_count) {
  if (!fits_lapack(n, n) || lda < n || ldv < n || ldv > INT_MAX) return DRN_LAPACK_BAD_ARGUMENT;
  if (n == 0) return DRN_LAPACK_DONE;
  if (workspace_count < drn_symmetric_eigen_workspace(n)) return DRN_LAPACK_BAD_ARGUMENT;
  if (!is_upper_finite(a, lda, n)) return DRN_LAPACK_NOT_FINITE;
  openblas_set_num_threads(1);
  long ints = int_room(eigen_int_count(n));
  copy_rows(a, lda, n, n, vectors, ldv);
  // The columns LAPACK writes are the rows we hand out.
  int status = call_syevd(
      n, vectors, ldv, values, workspace + ints, workspace_count - ints, (int *)workspace, (int)eigen_int_count(n));
  if (status == DRN_LAPACK_DONE) fix_row_signs(vectors, ldv, n);
  return status;
}
