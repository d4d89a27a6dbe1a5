#include "CKernels.h"
#include "openmp.h"
#include "signals.h"

#include <dnnl.h>
#include <string.h>

static int is_transposition(char letter) { return letter == 'N' || letter == 'T'; }

static int is_product(char transpose_a, char transpose_b, long m, long n, long k, long lda, long ldb, long ldc) {
  if (!is_transposition(transpose_a) || !is_transposition(transpose_b) || m < 0 || n < 0 || k < 0) return 0;
  return lda >= (transpose_a == 'N' ? k : m) && ldb >= (transpose_b == 'N' ? n : k) && ldc >= n;
}

static void scale_rows(long m, long n, float beta, float *c, long ldc) {
  for (long row = 0; row < m; row++) {
    float *out = c + row * ldc;
    if (beta == 0) memset(out, 0, (size_t)n * sizeof *out);
    else for (long column = 0; column < n; column++) out[column] *= beta;
  }
}

int drn_gemm(
    char transpose_a, char transpose_b, long m, long n, long k, float alpha, const float *a, long lda, const float *b, long ldb,
    float beta, float *c, long ldc) {
  if (!is_product(transpose_a, transpose_b, m, n, k, lda, ldb, ldc)) return dnnl_invalid_arguments;
  if (m == 0 || n == 0) return 0;
  if (k == 0) {
    scale_rows(m, n, beta, c, ldc);
    return 0;
  }
  // Inside a region of several threads oneDNN stays on the calling one by itself; outside it would start its own.
  int alone = !openmp_present() || omp_in_parallel();
  int threads = alone ? 1 : omp_get_max_threads();
  if (threads > 1) omp_set_num_threads(1);
  dnnl_status_t status = dnnl_sgemm(transpose_a, transpose_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  if (threads > 1) omp_set_num_threads(threads);
  return (int)status;
}

static void do_nothing(void *context, long index) { (void)context, (void)index; }

void drn_warm_up(void) {
  enum { size = 64 };
  static const char letters[] = "NT";
  float a[size * size] = {0}, b[size * size] = {0}, c[size * size];
  sigset_t before;
  hold_signals(&before);
  for (int variant = 0; variant < 8; variant++) {
    drn_gemm(letters[variant & 1], letters[variant >> 1 & 1], size, size, size, 1, a, size, b, size, (float)(variant >> 2), c, size);
  }
  release_signals(&before);
  drn_team_run(do_nothing, 0, drn_threads(), 0);
}
