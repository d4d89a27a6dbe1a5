// Products of matrices of half width, bfloat16, on the calling thread, by oneDNN.
#pragma once

#include <stdint.h>

/// Whether this processor multiplies bfloat16 by instructions of its own. Where it does not, there are no products below.
int drn_has_half_products(void);

/// A product prepared for its sizes, which any number of threads may run at the same time.
typedef struct drn_half_product drn_half_product;

/// c = op(a) * op(b) with op(a) m x k and op(b) k x n of bfloat16, and c m x n of floats, all row-major; arguments as for `drn_gemm`.
///
/// Takes some milliseconds the first time, and memory that is given back by `drn_half_product_free`. Null where it cannot be made.
drn_half_product *drn_half_product_make(
    char transpose_a, char transpose_b, long m, long n, long k, long lda, long ldb, long ldc);
void drn_half_product_free(drn_half_product *product);

/// Bytes of work space of a run, aligned to 64.
long drn_half_product_work(const drn_half_product *product);

/// Products of numbers are exact, and added in single precision. Returns 0, or a non-zero status of oneDNN.
int drn_half_product_run(const drn_half_product *product, const uint16_t *a, const uint16_t *b, float *c, void *work);
