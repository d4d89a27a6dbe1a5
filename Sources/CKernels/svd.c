// Thin singular value decomposition.
//
// LAPACK reads columns, so it sees the transpose of a row-major matrix. A wide or square matrix is handed over as it lies, a tall one for
// it, whose left singular vectors are our right ones: no transposition. A tall matrix is transposed first, since sgesdd is about
// twice as fast on tall ones.
#include "factorization.h"

/// Calls gesdd for the thin decomposition of the column-major rows x columns matrix, rows >= columns.
static int call_gesdd(
    long rows, long columns, float *a, float *s, float *u, long ldu, float *vt, long ldvt, float *work, long lwork, int *iwork) {
  int m = (int)rows, n = (int)columns, lda = m, ldu_int = (int)ldu, ldvt_int = (int)ldvt, info = 0;
  int size = lwork < INT_MAX ? (int)lwork : INT_MAX;
  sgesdd_("S", &m, &n, a, &lda, s, u, &ldu_int, vt, &ldvt_int, work, &size, iwork, &info, 1);
  return status_of(info);
}

/// The first `m * n` floats hold the copy LAPACK destroys, then the left vectors of a tall matrix, the integers, LAPACK's workspace.
static long fixed_svd_room(long m, long n) {
  long smaller = m < n ? m : n;
  return m * n * (m > n ? 2 : 1) + int_room(8 * smaller);
}

long drn_svd_workspace(long m, long n) {
  if (!fits_lapack(m, n) || m == 0 || n == 0) return 0;
  long larger = m > n ? m : n, smaller = m > n ? n : m;
  float answer = 0, none = 0;
  int iwork = 0;
  call_gesdd(larger, smaller, &none, &none, &none, larger, &none, smaller, &answer, -1, &iwork);
  return fixed_svd_room(m, n) + work_size(answer);
}

/// Makes the largest entry of each column of u positive. `largest` has room for k entries.
static void fix_signs(long m, long n, long k, float *u, long ldu, float *vt, long ldvt, float *largest) {
  for (long i = 0; i < k; i++) largest[i] = 0;
  for (long row = 0; row < m; row++) {
    for (long i = 0; i < k; i++) {
      if (absolute(u[row * ldu + i]) > absolute(largest[i])) largest[i] = u[row * ldu + i];
    }
  }
  for (long row = 0; row < m; row++) {
    for (long i = 0; i < k; i++) u[row * ldu + i] = largest[i] < 0 ? -u[row * ldu + i] : u[row * ldu + i];
  }
  for (long i = 0; i < k; i++) {
    if (largest[i] < 0) negate_row(vt + i * ldvt, n);
  }
}

int drn_svd(
    long m, long n, const float *a, long lda, float *u, long ldu, float *s, float *vt, long ldvt, float *workspace, long count) {
  long k = m < n ? m : n;
  if (!fits_lapack(m, n) || lda < n || ldu < k || ldvt < n || ldu > INT_MAX || ldvt > INT_MAX) return DRN_LAPACK_BAD_ARGUMENT;
  if (k == 0) return DRN_LAPACK_DONE;
  if (count < drn_svd_workspace(m, n)) return DRN_LAPACK_BAD_ARGUMENT;
  if (!is_finite(a, lda, m, n)) return DRN_LAPACK_NOT_FINITE;
  openblas_set_num_threads(1);
  float *copy = workspace, *left = workspace + m * n, *work = workspace + fixed_svd_room(m, n);
  int *iwork = (int *)(work - int_room(8 * k));
  long lwork = count - fixed_svd_room(m, n);
  int status;
  if (m <= n) {
    copy_rows(a, lda, m, n, copy, n);
    status = call_gesdd(n, m, copy, s, vt, ldvt, u, ldu, work, lwork, iwork);
  } else {
    transpose(a, lda, m, n, copy, m);
    status = call_gesdd(m, n, copy, s, left, m, vt, ldvt, work, lwork, iwork);
    transpose(left, m, n, m, u, ldu);
    transpose_in_place(vt, ldvt, n);
  }
  if (status == DRN_LAPACK_DONE) fix_signs(m, n, k, u, ldu, vt, ldvt, copy);
  return status;
}
