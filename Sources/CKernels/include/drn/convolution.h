// Convolutions of channels-last images, one image or one range of rows per call, so that a caller divides the batch as it likes.
//
// Images are padded first (`drn_pad_image`), so that no kernel looks at borders; weights are matrices of kernel row, kernel column and
// channel by outputs, packed first in blocks of 16 outputs.
#pragma once

/// The sizes of a convolution of one padded image by one group of channels.
typedef struct drn_convolution {
  long padded_width;                 ///< Pixels of a row of the padded image.
  long pixel_pitch;                  ///< Floats from one pixel of the padded image to the next.
  long channels;                     ///< Channels read of every pixel.
  long out_height, out_width;        ///< Pixels of the result.
  long outputs;                      ///< Channels written to every pixel of the result.
  long out_pitch;                    ///< Floats from one pixel of the result to the next.
  long kernel_height, kernel_width;  ///< Extents of the window.
  long stride_y, stride_x;           ///< Pixels from one window to the next.
  long dilation_y, dilation_x;       ///< Pixels between two elements of a window.
} drn_convolution;

/// Floats that are read next, fetched into the cache while a kernel computes; none where `floats` is 0.
typedef struct drn_ahead {
  const float *from;
  long floats;
} drn_ahead;

/// Copies an image of height x width pixels into one of padded_height x padded_width, zero outside and in channels up to `pixel_pitch`.
///
/// Source pixel (y, x) goes to (top + y, left + x); what falls outside is left out. `pixel_pitch` is at least `channels`.
void drn_pad_image(
    const float *x, long height, long width, long x_pitch, long channels, long top, long left, long padded_height, long padded_width,
    long pixel_pitch, float *padded);

/// Sets what `drn_pad_image` sets to zero outside the image, and leaves the rest as it is.
void drn_pad_border(
    long height, long width, long top, long left, long padded_height, long padded_width, long pixel_pitch, float *padded);

/// packed[block][tap][channel][16]: a weight matrix, rows tap by channel, in blocks of 16 of its columns, zero behind the last.
void drn_pack_weights(const float *w, long pitch, long taps, long channels, long outputs, float *packed);

/// The same of the weights of the input gradient: taps in reverse, channels and outputs exchanged.
void drn_pack_reversed_weights(const float *w, long pitch, long taps, long channels, long outputs, float *packed);

/// y = the convolution of a padded image, rows row_begin..<row_end.
void drn_convolve(const drn_convolution *shape, const float *padded, const float *packed, float *y, long row_begin, long row_end);

/// packed[tap][output][channel]: weights for `drn_convolve_thin`, channels rounded up to 16 and zero there.
void drn_pack_thin_weights(const float *w, long pitch, long taps, long channels, long outputs, float *packed);

/// The same of the weights of the input gradient: taps in reverse, channels and outputs exchanged.
void drn_pack_reversed_thin_weights(const float *w, long pitch, long taps, long channels, long outputs, float *packed);

/// y = the convolution by few outputs of a padded image, whose pixel pitch is a multiple of 16 with zeros behind the channels.
void drn_convolve_thin(const drn_convolution *shape, const float *padded, const float *packed, float *y, long row_begin, long row_end);

/// dw[(tap, channel)][16 * block...] += the weight gradient of one padded image; dw has rows of outputs rounded up to 16.
void drn_convolution_weight_gradient(const drn_convolution *shape, const float *padded, const float *dy, float *dw);

/// The same for few outputs, into dw[tap][output][channel] as `drn_pack_thin_weights` lays weights out.
void drn_convolution_weight_gradient_thin(const drn_convolution *shape, const float *padded, const float *dy, float *dw);

/// y = the convolution of every channel by itself; pixel pitch as for `drn_convolve_thin`. Weights of a tap are `channels` floats, those of
/// the next one `tap_step` further on, so that a negative step turns the window around.
void drn_convolve_depthwise(
    const drn_convolution *shape, const float *padded, const float *w, long tap_step, float *y, long row_begin, long row_end);

/// dw[tap][channel] += the weight gradient of the same of one padded image, with rows of channels rounded up to 16.
void drn_convolution_weight_gradient_depthwise(const drn_convolution *shape, const float *padded, const float *dy, float *dw);

/// Floats of the work space of the Winograd kernels.
long drn_winograd_work(long channels, long outputs);

/// u[point][channel][output]: 3 x 3 weights for `drn_winograd_convolve`, outputs rounded up to 16; reversed as by
/// `drn_pack_reversed_weights`, with channels and outputs exchanged. Rows row_begin..<row_end of each of the 36 points.
void drn_winograd_weights(
    const float *w, long pitch, long channels, long outputs, int reversed, float *u, long row_begin, long row_end);

/// y = the convolutions of padded images by 3 x 3 windows at stride and dilation 1, by F(4 x 4, 3 x 3).
///
/// Images are `image_step` floats apart, and each covers whole tiles of y; the pixel pitch is a multiple of 16 with zeros behind the
/// channels. Where `streams`, y is written past the caches if it consists of whole aligned blocks of 16 floats; `ahead` is what the caller
/// reads next.
void drn_winograd_convolve(
    const drn_convolution *shape, long images, const float *padded, long image_step, const float *u, drn_ahead ahead, int streams,
    float *y, float *work);

/// sums[point][channel][output] += the transformed weight gradient of padded images; channels and outputs rounded up to 16.
/// The caller reads `ahead` and `upstream_ahead` next: images and gradients of their results.
void drn_winograd_weight_gradient(
    const drn_convolution *shape, long images, const float *padded, long image_step, const float *dy, drn_ahead ahead,
    drn_ahead upstream_ahead, float *sums, float *work);

/// dw = the weight gradient of `blocks` arrays of transformed sums, added in order, for channels channel_begin..<channel_end.
void drn_winograd_finish_gradient(
    const float *sums, long blocks, long channels, long outputs, float *dw, long pitch, long channel_begin, long channel_end);

/// The windows of one image as rows of a matrix, for rows row_begin..<row_end of windows; padding is 0.
typedef struct drn_windows {
  long height, width, pixel_pitch;  ///< The image; floats from one pixel to the next.
  long channels;                    ///< Channels taken of every pixel.
  long out_width;                   ///< Windows of a row.
  long kernel_height, kernel_width, stride_y, stride_x, dilation_y, dilation_x, top, left;
} drn_windows;

/// matrix[window][(tap, channel)] = the pixels of the windows.
void drn_patches(const drn_windows *windows, const float *x, float *matrix, long pitch, long row_begin, long row_end);

/// x += the matrix of windows, each element at the pixel it comes from; row 0 of the matrix is the first window of row row_begin.
void drn_add_patches(const drn_windows *windows, const float *matrix, long pitch, float *x, long row_begin, long row_end);

/// dx = the gradient by rows row_begin..<row_end of one image of a convolution of every channel by itself, at any stride.
///
/// dy has the pixel pitch of the image and out_height rows of windows; w has a row of channels for each tap, tap_step floats apart.
void drn_depthwise_input_gradient(
    const drn_windows *windows, long out_height, const float *dy, const float *w, long tap_step, float *dx, long row_begin, long row_end);

/// y = the largest value of each window and channel of one image.
void drn_max_pool(const drn_windows *windows, const float *x, float *y, long row_begin, long row_end);

/// dx = the gradient of the maxima of one image: to the first maximum of a window, row by row.
void drn_max_pool_gradient(const drn_windows *windows, const float *x, const float *dy, float *dx, long out_height);

/// y = the mean of each window; padding counts as zeros, or not at all.
void drn_average_pool(const drn_windows *windows, int include_padding, const float *x, float *y, long row_begin, long row_end);

/// dx = the gradient of the means of one image.
void drn_average_pool_gradient(const drn_windows *windows, int include_padding, const float *dy, float *dx, long out_height);
