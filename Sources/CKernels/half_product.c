#include "CKernels.h"
#include "openmp.h"

#include <dnnl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// oneDNN 3 keeps descriptions of matrices behind pointers, which are given back; oneDNN 2 has them as values.
typedef dnnl_memory_desc_t matrix;
#if DNNL_VERSION_MAJOR >= 3
#define REFERENCE(matrix) (matrix)
#else
#define REFERENCE(matrix) (&(matrix))
#endif

struct drn_half_product {
  dnnl_primitive_t primitive;  // null where k is 0
  matrix a, b, c, work;
  long m, n, pitch;
};

static dnnl_engine_t engine;
static pthread_once_t engine_made = PTHREAD_ONCE_INIT;
static _Thread_local dnnl_stream_t stream;

static void make_engine(void) {
  if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success) engine = 0;
}

static int has_engine(void) {
  pthread_once(&engine_made, make_engine);
  return engine != 0;
}

int drn_has_half_products(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512bf16") && dnnl_get_effective_cpu_isa() >= dnnl_cpu_isa_avx512_core_bf16 && has_engine();
#else
  return 0;
#endif
}

static int describe(matrix *result, dnnl_data_type_t type, long rows, long columns, int is_transposed, long pitch) {
  if (pitch < (is_transposed ? rows : columns)) return 0;
  dnnl_dims_t extents = {rows, columns}, strides = {is_transposed ? 1 : pitch, is_transposed ? pitch : 1};
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_memory_desc_create_with_strides(result, 2, extents, type, strides) == dnnl_success;
#else
  return dnnl_memory_desc_init_by_strides(result, 2, extents, type, strides) == dnnl_success;
#endif
}

static dnnl_primitive_desc_t describe_product(const drn_half_product *product, dnnl_primitive_attr_t attributes) {
  dnnl_primitive_desc_t description = 0;
#if DNNL_VERSION_MAJOR >= 3
  if (dnnl_matmul_primitive_desc_create(&description, engine, product->a, product->b, 0, product->c, attributes) != dnnl_success) return 0;
#else
  dnnl_matmul_desc_t operation;
  if (dnnl_matmul_desc_init(&operation, &product->a, &product->b, 0, &product->c) != dnnl_success ||
      dnnl_primitive_desc_create(&description, &operation, attributes, engine, 0) != dnnl_success) {
    return 0;
  }
#endif
  return description;
}

static int keep_work(drn_half_product *product, const_dnnl_primitive_desc_t description) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_memory_desc_clone(&product->work, dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0)) == dnnl_success;
#else
  product->work = *dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
  return 1;
#endif
}

/// The primitive for one thread, with work space of the caller's: that of the library belongs to the thread that made the primitive.
static dnnl_primitive_t make_primitive(drn_half_product *product) {
  dnnl_primitive_attr_t attributes = 0;
  dnnl_primitive_desc_t description = 0;
  dnnl_primitive_t primitive = 0;
  if (dnnl_primitive_attr_create(&attributes) == dnnl_success &&
      dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user) == dnnl_success) {
    description = describe_product(product, attributes);
  }
  if (description && (!keep_work(product, description) || dnnl_primitive_create(&primitive, description) != dnnl_success)) primitive = 0;
  if (description) dnnl_primitive_desc_destroy(description);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  return primitive;
}

drn_half_product *drn_half_product_make(
    char transpose_a, char transpose_b, long m, long n, long k, long lda, long ldb, long ldc) {
  if (m < 0 || n < 0 || k < 0 || !drn_has_half_products()) return 0;
  drn_half_product *product = calloc(1, sizeof *product);
  if (!product) return 0;
  product->m = m;
  product->n = n;
  product->pitch = ldc;
  if (m == 0 || n == 0 || k == 0) return product;
  int threads = openmp_present() ? omp_get_max_threads() : 1;
  if (threads > 1) omp_set_num_threads(1);
  if (describe(&product->a, dnnl_bf16, m, k, transpose_a == 'T', lda) && describe(&product->b, dnnl_bf16, k, n, transpose_b == 'T', ldb) &&
      describe(&product->c, dnnl_f32, m, n, 0, ldc)) {
    product->primitive = make_primitive(product);
  }
  if (threads > 1) omp_set_num_threads(threads);
  if (product->primitive) return product;
  drn_half_product_free(product);
  return 0;
}

void drn_half_product_free(drn_half_product *product) {
  if (!product) return;
  if (product->primitive) dnnl_primitive_destroy(product->primitive);
#if DNNL_VERSION_MAJOR >= 3
  matrix *matrices[] = {&product->a, &product->b, &product->c, &product->work};
  for (int i = 0; i < 4; i++) {
    if (*matrices[i]) dnnl_memory_desc_destroy(*matrices[i]);
  }
#endif
  free(product);
}

long drn_half_product_work(const drn_half_product *product) {
  return product->primitive ? (long)dnnl_memory_desc_get_size(REFERENCE(product->work)) : 0;
}

static int execute(const drn_half_product *product, dnnl_memory_t memories[4]) {
  const dnnl_exec_arg_t arguments[] = {
      {DNNL_ARG_SRC, memories[0]},
      {DNNL_ARG_WEIGHTS, memories[1]},
      {DNNL_ARG_DST, memories[2]},
      {DNNL_ARG_SCRATCHPAD, memories[3]},
  };
  dnnl_status_t status = dnnl_primitive_execute(product->primitive, stream, 4, arguments);
  return status == dnnl_success ? dnnl_stream_wait(stream) : status;
}

int drn_half_product_run(const drn_half_product *product, const uint16_t *a, const uint16_t *b, float *c, void *work) {
  if (product->m == 0 || product->n == 0) return 0;
  if (!product->primitive) {
    for (long row = 0; row < product->m; row++) memset(c + row * product->pitch, 0, (size_t)product->n * sizeof *c);
    return 0;
  }
  if (!stream && dnnl_stream_create(&stream, engine, dnnl_stream_default_flags) != dnnl_success) return dnnl_out_of_memory;
  // Outside a region of several threads oneDNN would start its own.
  int threads = openmp_present() && !omp_in_parallel() ? omp_get_max_threads() : 1;
  if (threads > 1) omp_set_num_threads(1);
  const matrix *matrices[4] = {&product->a, &product->b, &product->c, &product->work};
  void *pointers[4] = {(void *)a, (void *)b, c, work};
  dnnl_memory_t memories[4] = {0};
  int status = 0;
  for (int i = 0; i < 4 && status == 0; i++) status = dnnl_memory_create(&memories[i], REFERENCE(*matrices[i]), engine, pointers[i]);
  if (status == 0) status = execute(product, memories);
  for (int i = 0; i < 4; i++) {
    if (memories[i]) dnnl_memory_destroy(memories[i]);
  }
  if (threads > 1) omp_set_num_threads(threads);
  return status;
}
