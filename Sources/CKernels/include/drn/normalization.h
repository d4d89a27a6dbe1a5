// Layer normalization (over columns) and batch normalization (over rows).
//
// `scale` and `offset` may be null, meaning ones and zeros. Outputs may be the inputs of the same shape, with the same pitch.
#pragma once

/// y = (x - mean) * rstd * scale + offset for rows row_begin..<row_end, with mean and rstd = 1/sqrt(variance + epsilon) of each row
/// over its columns, which are written too. The variance is biased and found in a second pass.
void drn_layer_norm(
    const float *x, long x_pitch, long row_begin, long row_end, long columns, const float *scale, const float *offset,
    float epsilon, float *y, long y_pitch, float *mean, float *rstd);

/// dx for rows row_begin..<row_end, from dy, x and the statistics `drn_layer_norm` wrote.
void drn_layer_norm_gradient(
    const float *dy, long dy_pitch, const float *x, long x_pitch, long row_begin, long row_end, long columns, const float *scale,
    const float *mean, const float *rstd, float *dx, long dx_pitch);

/// dscale[c] = sum of dy * (x - mean) * rstd and doffset[c] = sum of dy over rows row_begin..<row_end.
///
/// For a division between tasks: a row of each per block of rows that the shape fixes, then `drn_sum_columns` over the blocks.
void drn_layer_norm_parameter_gradient(
    const float *dy, long dy_pitch, const float *x, long x_pitch, long row_begin, long row_end, long columns, const float *mean,
    const float *rstd, float *dscale, float *doffset);

/// y = (x - mean) / sqrt(variance + epsilon) * scale + offset for columns col_begin..<col_end, with the mean and biased variance of
/// each column over all rows, which are written too.
void drn_batch_norm(
    const float *x, long x_pitch, long rows, long col_begin, long col_end, const float *scale, const float *offset, float epsilon,
    float *y, long y_pitch, float *mean, float *variance);

/// dx, dscale and doffset for columns col_begin..<col_end, from dy, x and the statistics `drn_batch_norm` wrote.
void drn_batch_norm_gradient(
    const float *dy, long dy_pitch, const float *x, long x_pitch, long rows, long col_begin, long col_end, const float *scale,
    const float *mean, const float *variance, float epsilon, float *dx, long dx_pitch, float *dscale, float *doffset);
