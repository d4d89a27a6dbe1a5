// Factorizations of small dense matrices, by LAPACK on the calling thread.
//
// Matrices are row-major; k = min(m, n). The caller passes a workspace of the size the query says, in floats.
// The results are deterministic; the signs are fixed as each function says. Sizes must fit LAPACK's 32-bit integers.
#pragma once

/// What a factorization returns.
typedef enum drn_lapack_status {
  DRN_LAPACK_DONE = 0,
  DRN_LAPACK_NOT_FINITE = 1,      ///< The matrix holds NaN or infinity; nothing was computed.
  DRN_LAPACK_NO_CONVERGENCE = 2,  ///< LAPACK did not converge.
  DRN_LAPACK_BAD_ARGUMENT = 3,    ///< A size is negative or too large, a leading dimension or the workspace too short.
} drn_lapack_status;

/// Floats of workspace `drn_svd` needs.
long drn_svd_workspace(long m, long n);

/// Thin singular value decomposition a = u diag(s) vt, with u m x k, s descending, vt k x n (sgesdd, on the tall orientation).
///
/// In each column of u the entry of largest magnitude, the first of equals, is positive.
int drn_svd(
    long m, long n, const float *a, long lda, float *u, long ldu, float *s, float *vt, long ldvt, float *workspace,
    long workspace_count);

/// Floats of workspace `drn_qr` needs.
long drn_qr_workspace(long m, long n);

/// Thin QR decomposition a = q r, with q m x k orthonormal, r k x n upper trapezoidal (zeros below), its diagonal >= 0. q may be a.
int drn_qr(
    long m, long n, const float *a, long lda, float *q, long ldq, float *r, long ldr, float *workspace, long workspace_count);
