// Layer normalization (over columns) and the moments of batch normalization (over rows).
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

/// means[c] = the mean of column c over rows row_begin..<row_end, squares[c] = the sum of the squared deviations from it.
///
/// For batch normalization in blocks of rows that the shape fixes, combined by `drn_combine_moments`.
void drn_column_moments(const float *x, long pitch, long row_begin, long row_end, long columns, float *means, float *squares);

/// The mean and biased variance of each column of `rows` rows from those of blocks of `block_rows` rows, in order; the last may be shorter.
///
/// means and squares hold a row of `columns` per block. The normalized x, scaled and moved, is factors[0] * x + factors[1].
void drn_combine_moments(
    const float *means, const float *squares, long rows, long block_rows, long columns, const float *scale, const float *offset,
    float epsilon, float *mean, float *variance, float *factors);

/// sums[c] = the sum of dy over `rows` rows, products[c] = that of dy * (x - mean); with `adds` not 0 added to what is there.
void drn_column_gradient_sums(
    const float *dy, long dy_pitch, const float *x, long x_pitch, long rows, long columns, const float *mean, int adds, float *sums,
    float *products);

/// dscale and doffset from the sums of `blocks` blocks, in order, and three rows of factors with which
/// dx = factors[0] * dy + factors[1] * x + factors[2].
void drn_combine_gradient_sums(
    const float *sums, const float *products, long blocks, long rows, long columns, const float *scale, const float *mean,
    const float *variance, float epsilon, float *dscale, float *doffset, float *factors);
