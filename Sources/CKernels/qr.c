// Thin QR decomposition: through a column-major copy, since LAPACK's LQ, which would need none, is two to five times
// slower.
#include "factorization.h"

static int call_geqrf(long rows, long columns, float *a, float *tau, float *work, long lwork) {
  int m = (int)rows, n = (int)columns, size = lwork < INT_MAX ? (int)lwork : INT_MAX, info = 0;
  sgeqrf_(&m, &n, a, &m, tau, work, &size, &info);
  return status_of(info);
}

static int call_orgqr(long rows, long columns, float *a, const float *tau, float *work, long lwork) {
  int m = (int)rows, k = (int)columns, size = lwork < INT_MAX ? (int)lwork : INT_MAX, info = 0;
  sorgqr_(&m, &k, &k, a, &m, tau, work, &size, &info);
  return status_of(info);
}

long drn_qr_workspace(long m, long n) {
  if (!fits_lapack(m, n) || m == 0 || n == 0) return 0;
  long k = m < n ? m : n;
  float factor = 0, generate = 0, none = 0;
  call_geqrf(m, n, &none, &none, &factor, -1);
  call_orgqr(m, k, &none, &none, &generate, -1);
  return m * n + 2 * k + work_size(factor > generate ? factor : generate);
}

/// r = the upper triangle of the column-major `factored`, with the rows negated whose diagonal is negative; `sign` gets -1 for those,
/// 1 for others.
static void take_upper(const float *factored, long m, long n, long k, float *r, long ldr, float *sign) {
  for (long i = 0; i < k; i++) {
    sign[i] = factored[i * m + i] < 0 ? -1 : 1;
    for (long j = 0; j < n; j++) r[i * ldr + j] = j < i ? 0 : sign[i] * factored[j * m + i];
  }
}

static void scale_rows(float *columns, long m, long k, const float *sign) {
  for (long i = 0; i < k; i++) {
    if (sign[i] < 0) negate_row(columns + i * m, m);
  }
}

int drn_qr(
    long m, long n, const float *a, long lda, float *q, long ldq, float *r, long ldr, float *workspace, long count) {
  long k = m < n ? m : n;
  if (!fits_lapack(m, n) || lda < n || ldq < k || ldr < n) return DRN_LAPACK_BAD_ARGUMENT;
  if (k == 0) return DRN_LAPACK_DONE;
  if (count < drn_qr_workspace(m, n)) return DRN_LAPACK_BAD_ARGUMENT;
  if (!is_finite(a, lda, m, n)) return DRN_LAPACK_NOT_FINITE;
  openblas_set_num_threads(1);
  float *copy = workspace, *tau = copy + m * n, *sign = tau + k, *work = sign + k;
  long lwork = count - m * n - 2 * k;
  transpose(a, lda, m, n, copy, m);
  int status = call_geqrf(m, n, copy, tau, work, lwork);
  if (status != DRN_LAPACK_DONE) return status;
  take_upper(copy, m, n, k, r, ldr, sign);
  status = call_orgqr(m, k, copy, tau, work, lwork);
  if (status != DRN_LAPACK_DONE) return status;
  scale_rows(copy, m, k, sign);
  transpose(copy, m, k, m, q, ldq);
  return DRN_LAPACK_DONE;
}
