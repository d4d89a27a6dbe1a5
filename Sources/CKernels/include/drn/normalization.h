// Layer normalization (over columns) and the moments of batch normalization (over rows).
//
// `scale` and `offset` may be null, meaning ones and zeros. Outputs may be the inputs of the same shape, with the same pitch.
#pragma once

/// The mean and biased variance of each column of `rows` rows from those of blocks of `block_rows` rows, in order; the last may be shorter.
///
/// means and squares hold a row of `columns` per block. The normalized x, scaled and moved, is factors[0] * x + factors[1].
void drn_combine_moments(
    const float *means, const float *squares, long rows, long block_rows, long columns, const float *scale, const float *offset,
    float epsilon, float *mean, float *variance, float *factors);

/// dscale and doffset from the sums of `blocks` blocks, in order, and three rows of factors with which
/// dx = factors[0] * dy + factors[1] * x + factors[2].
void drn_combine_gradient_sums(
    const float *sums, const float *products, long blocks, long rows, long columns, const float *scale, const float *mean,
    const float *variance, float epsilon, float *dscale, float *doffset, float *factors);
