// Matrix products on the calling thread, by oneDNN.
#pragma once

/// c = alpha * op(a) * op(b) + beta * c, with op(a) m x k, op(b) k x n and c m x n, all row-major, on the calling thread alone.
///
/// `transpose_a` and `transpose_b` are 'N' or 'T'; 'T' means that the array holds the transpose (a: k x m, b: n x k).
/// With beta 0 the old contents of c are not read. Returns 0, or a non-zero status for arguments that make no product (a leading
/// dimension shorter than a row, a negative size, another letter), and then leaves c alone.
/// To divide a product between threads, split n in a grid that the shape fixes; splitting m changes the last bits.
int drn_gemm(
    char transpose_a, char transpose_b, long m, long n, long k, float alpha, const float *a, long lda, const float *b, long ldb,
    float beta, float *c, long ldc);

/// Generates oneDNN's kernels for all four transpositions and starts the team, so that the first timed step does not pay for it
/// (about 30 ms once per process).
void drn_warm_up(void);
