// The public functions that exist once per instruction set.
#include "dispatch.h"

void drn_map_run(
    const drn_map_program *program, const drn_map_input *inputs, const drn_map_output *outputs, long row_begin, long row_end,
    long col_begin, long col_end) {
  drn_kernels()->map_run(program, inputs, outputs, row_begin, row_end, col_begin, col_end);
}

void drn_sum_columns(
    const float *x, long pitch, long row_begin, long row_end, long col_begin, long col_end, float *out) {
  drn_kernels()->sum_columns(x, pitch, row_begin, row_end, col_begin, col_end, out);
}

void drn_sum_rows(const float *x, long pitch, long row_begin, long row_end, long columns, float *out) {
  drn_kernels()->sum_rows(x, pitch, row_begin, row_end, columns, out);
}

double drn_sum_all(const float *x, long pitch, long rows, long columns) {
  return drn_kernels()->sum_all(x, pitch, rows, columns);
}

double drn_sum_squares(const float *x, long pitch, long rows, long columns) {
  return drn_kernels()->dot(x, pitch, x, pitch, rows, columns);
}

double drn_dot(const float *x, long x_pitch, const float *y, long y_pitch, long rows, long columns) {
  return drn_kernels()->dot(x, x_pitch, y, y_pitch, rows, columns);
}

int drn_all_finite(const float *x, long pitch, long rows, long columns) {
  return drn_kernels()->all_finite(x, pitch, rows, columns);
}

void drn_softmax(const float *x, long x_pitch, long row_begin, long row_end, long columns, float *y, long y_pitch) {
  drn_kernels()->softmax(x, x_pitch, row_begin, row_end, columns, y, y_pitch);
}

void drn_softmax_gradient(
    const float *y, long y_pitch, const float *dy, long dy_pitch, long row_begin, long row_end, long columns, float *dx,
    long dx_pitch) {
  drn_kernels()->softmax_gradient(y, y_pitch, dy, dy_pitch, row_begin, row_end, columns, dx, dx_pitch);
}

void drn_softmax_cross_entropy(
    const float *logits, long pitch, const int32_t *labels, long row_begin, long row_end, long classes,
    const drn_cross_entropy_options *options, float *losses, float *gradient, long gradient_pitch) {
  drn_kernels()->softmax_cross_entropy(
      logits, pitch, labels, row_begin, row_end, classes, options, losses, gradient, gradient_pitch);
}

void drn_layer_norm(
    const float *x, long x_pitch, long row_begin, long row_end, long columns, const float *scale, const float *offset,
    float epsilon, float *y, long y_pitch, float *mean, float *rstd) {
  drn_kernels()->layer_norm(x, x_pitch, row_begin, row_end, columns, scale, offset, epsilon, y, y_pitch, mean, rstd);
}

void drn_layer_norm_gradient(
    const float *dy, long dy_pitch, const float *x, long x_pitch, long row_begin, long row_end, long columns, const float *scale,
    const float *mean, const float *rstd, float *dx, long dx_pitch) {
  drn_kernels()->layer_norm_gradient(
      dy, dy_pitch, x, x_pitch, row_begin, row_end, columns, scale, mean, rstd, dx, dx_pitch);
}

void drn_layer_norm_parameter_gradient(
    const float *dy, long dy_pitch, const float *x, long x_pitch, long row_begin, long row_end, long columns, const float *mean,
    const float *rstd, float *dscale, float *doffset) {
  drn_kernels()->layer_norm_parameter_gradient(
      dy, dy_pitch, x, x_pitch, row_begin, row_end, columns, mean, rstd, dscale, doffset);
}

void drn_column_moments(const float *x, long pitch, long row_begin, long row_end, long columns, float *means, float *squares) {
  drn_kernels()->column_moments(x, pitch, row_begin, row_end, columns, means, squares);
}

void drn_column_gradient_sums(
    const float *dy, long dy_pitch, const float *x, long x_pitch, long rows, long columns, const float *mean, int adds, float *sums,
    float *products) {
  drn_kernels()->column_gradient_sums(dy, dy_pitch, x, x_pitch, rows, columns, mean, adds, sums, products);
}

void drn_dropout(const float *x, float *y, long begin, long end, float rate, uint32_t key0, uint32_t key1) {
  drn_kernels()->dropout(x, y, begin, end, rate, key0, key1);
}

void drn_random_uniform(float *y, long begin, long end, float lower, float upper, uint32_t key0, uint32_t key1) {
  drn_kernels()->random_uniform(y, begin, end, lower, upper, key0, key1);
}
