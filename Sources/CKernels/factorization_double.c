#define REAL double
#define LAPACK(routine) d##routine
#include "qr.h"
#include "svd.h"

long drn_svd_double_workspace(long m, long n) { return svd_workspace(m, n); }

int drn_svd_double(
    long m, long n, const double *a, long lda, double *u, long ldu, double *s, double *vt, long ldvt, double *workspace,
    long workspace_count) {
  return svd(m, n, a, lda, u, ldu, s, vt, ldvt, workspace, workspace_count);
}

long drn_qr_double_workspace(long m, long n) { return qr_workspace(m, n); }

int drn_qr_double(
    long m, long n, const double *a, long lda, double *q, long ldq, double *r, long ldr, double *workspace, long workspace_count) {
  return qr(m, n, a, lda, q, ldq, r, ldr, workspace, workspace_count);
}
