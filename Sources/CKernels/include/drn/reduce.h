// Reductions in a fixed order.
#pragma once

/// out[column] = the sum of rows row_begin..<row_end, for columns col_begin..<col_end; 0 over no rows.
///
/// Sums blocks of 64 rows in float and adds the blocks in double. To divide a tall matrix between tasks, let each sum a block of rows
/// that the shape fixes into a row of its own and sum those rows by the same function.
void drn_sum_columns(
    const float *x, long pitch, long row_begin, long row_end, long col_begin, long col_end, float *out);

/// out[row] = the sum of columns 0..<columns, in double, for rows row_begin..<row_end.
void drn_sum_rows(const float *x, long pitch, long row_begin, long row_end, long columns, float *out);

/// The sum of a rows x columns matrix, in double.
double drn_sum_all(const float *x, long pitch, long rows, long columns);

/// The sum of the squares of a rows x columns matrix, in double.
double drn_sum_squares(const float *x, long pitch, long rows, long columns);

/// The sum of x * y over two rows x columns matrices, in double.
double drn_dot(const float *x, long x_pitch, const float *y, long y_pitch, long rows, long columns);

/// 1 if every element of a rows x columns matrix is finite, else 0.
int drn_all_finite(const float *x, long pitch, long rows, long columns);
