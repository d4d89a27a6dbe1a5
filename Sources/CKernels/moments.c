#include "CKernels.h"

#include <math.h>

void drn_combine_moments(
    const float *means, const float *squares, long rows, long block_rows, long columns, const float *scale, const float *offset,
    float epsilon, float *mean, float *variance, float *factors) {
  for (long c = 0; c < columns; c++) {
    double sum = 0, deviations = 0;
    for (long block = 0, row = 0; row < rows; block++, row += block_rows) {
      long count = rows - row < block_rows ? rows - row : block_rows;
      sum += (double)count * means[block * columns + c];
    }
    double center = sum / (double)rows;
    for (long block = 0, row = 0; row < rows; block++, row += block_rows) {
      long count = rows - row < block_rows ? rows - row : block_rows;
      double distance = means[block * columns + c] - center;
      deviations += squares[block * columns + c] + (double)count * distance * distance;
    }
    double spread = deviations / (double)rows;
    mean[c] = (float)center;
    variance[c] = (float)spread;
    double factor = scale[c] / sqrt(spread + epsilon);
    factors[c] = (float)factor;
    factors[columns + c] = (float)(offset[c] - factor * center);
  }
}

void drn_combine_gradient_sums(
    const float *sums, const float *products, long blocks, long rows, long columns, const float *scale, const float *mean,
    const float *variance, float epsilon, float *dscale, float *doffset, float *factors) {
  for (long c = 0; c < columns; c++) {
    double sum = 0, product = 0;
    for (long block = 0; block < blocks; block++) {
      sum += sums[block * columns + c];
      product += products[block * columns + c];
    }
    double inverse = 1 / sqrt((double)variance[c] + epsilon), factor = scale[c] * inverse;
    dscale[c] = (float)(product * inverse);
    doffset[c] = (float)sum;
    factors[c] = (float)factor;
    double slope = -factor * inverse * inverse * product / (double)rows;
    factors[columns + c] = (float)slope;
    factors[2 * columns + c] = (float)(-factor * sum / (double)rows - slope * mean[c]);
  }
}
