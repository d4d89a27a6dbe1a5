// The public functions of convolutions and windows that exist once per instruction set.
#include "dispatch.h"
#include "kernels/winograd_sizes.h"

void drn_pad_image(
    const float *x, long height, long width, long x_pitch, long channels, long top, long left, long padded_height, long padded_width,
    long pixel_pitch, float *padded) {
  drn_kernels()->pad_image(x, height, width, x_pitch, channels, top, left, padded_height, padded_width, pixel_pitch, padded);
}

void drn_pad_border(
    long height, long width, long top, long left, long padded_height, long padded_width, long pixel_pitch, float *padded) {
  drn_kernels()->pad_border(height, width, top, left, padded_height, padded_width, pixel_pitch, padded);
}

void drn_pack_weights(const float *w, long pitch, long taps, long channels, long outputs, float *packed) {
  drn_kernels()->pack_weights(w, pitch, taps, channels, outputs, packed);
}

void drn_pack_reversed_weights(const float *w, long pitch, long taps, long channels, long outputs, float *packed) {
  drn_kernels()->pack_reversed_weights(w, pitch, taps, channels, outputs, packed);
}

void drn_convolve(const drn_convolution *shape, const float *padded, const float *packed, float *y, long row_begin, long row_end) {
  drn_kernels()->convolve(shape, padded, packed, y, row_begin, row_end);
}

void drn_pack_thin_weights(const float *w, long pitch, long taps, long channels, long outputs, float *packed) {
  drn_kernels()->pack_thin_weights(w, pitch, taps, channels, outputs, packed);
}

void drn_pack_reversed_thin_weights(const float *w, long pitch, long taps, long channels, long outputs, float *packed) {
  drn_kernels()->pack_reversed_thin_weights(w, pitch, taps, channels, outputs, packed);
}

void drn_convolve_thin(const drn_convolution *shape, const float *padded, const float *packed, float *y, long row_begin, long row_end) {
  drn_kernels()->convolve_thin(shape, padded, packed, y, row_begin, row_end);
}

void drn_convolution_weight_gradient(const drn_convolution *shape, const float *padded, const float *dy, float *dw) {
  drn_kernels()->convolution_weight_gradient(shape, padded, dy, dw);
}

void drn_convolution_weight_gradient_thin(const drn_convolution *shape, const float *padded, const float *dy, float *dw) {
  drn_kernels()->convolution_weight_gradient_thin(shape, padded, dy, dw);
}

void drn_convolve_depthwise(
    const drn_convolution *shape, const float *padded, const float *w, long tap_step, float *y, long row_begin, long row_end) {
  drn_kernels()->convolve_depthwise(shape, padded, w, tap_step, y, row_begin, row_end);
}

void drn_convolution_weight_gradient_depthwise(const drn_convolution *shape, const float *padded, const float *dy, float *dw) {
  drn_kernels()->convolution_weight_gradient_depthwise(shape, padded, dy, dw);
}

void drn_depthwise_input_gradient(
    const drn_windows *windows, long out_height, const float *dy, const float *w, long tap_step, float *dx, long row_begin, long row_end) {
  drn_kernels()->depthwise_input_gradient(windows, out_height, dy, w, tap_step, dx, row_begin, row_end);
}

void drn_winograd_weights(
    const float *w, long pitch, long channels, long outputs, int reversed, float *u, long row_begin, long row_end) {
  drn_kernels()->winograd_weights(w, pitch, channels, outputs, reversed, u, row_begin, row_end);
}

void drn_winograd_convolve(
    const drn_convolution *shape, long images, const float *padded, long image_step, const float *u, drn_ahead ahead, int streams,
    float *y, float *work) {
  drn_kernels()->winograd_convolve(shape, images, padded, image_step, u, ahead, streams, y, work);
}

void drn_winograd_weight_gradient(
    const drn_convolution *shape, long images, const float *padded, long image_step, const float *dy, drn_ahead ahead,
    drn_ahead upstream_ahead, float *sums, float *work) {
  drn_kernels()->winograd_weight_gradient(shape, images, padded, image_step, dy, ahead, upstream_ahead, sums, work);
}

void drn_winograd_finish_gradient(
    const float *sums, long blocks, long channels, long outputs, float *dw, long pitch, long channel_begin, long channel_end) {
  drn_kernels()->winograd_finish_gradient(sums, blocks, channels, outputs, dw, pitch, channel_begin, channel_end);
}

void drn_patches(const drn_windows *windows, const float *x, float *matrix, long pitch, long row_begin, long row_end) {
  drn_kernels()->patches(windows, x, matrix, pitch, row_begin, row_end);
}

void drn_add_patches(const drn_windows *windows, const float *matrix, long pitch, float *x, long row_begin, long row_end) {
  drn_kernels()->add_patches(windows, matrix, pitch, x, row_begin, row_end);
}

void drn_max_pool(const drn_windows *windows, const float *x, float *y, long row_begin, long row_end) {
  drn_kernels()->max_pool(windows, x, y, row_begin, row_end);
}

void drn_max_pool_gradient(const drn_windows *windows, const float *x, const float *dy, float *dx, long out_height) {
  drn_kernels()->max_pool_gradient(windows, x, dy, dx, out_height);
}

void drn_average_pool(const drn_windows *windows, int include_padding, const float *x, float *y, long row_begin, long row_end) {
  drn_kernels()->average_pool(windows, include_padding, x, y, row_begin, row_end);
}

void drn_average_pool_gradient(const drn_windows *windows, int include_padding, const float *dy, float *dx, long out_height) {
  drn_kernels()->average_pool_gradient(windows, include_padding, dy, dx, out_height);
}

long drn_winograd_work(long channels, long outputs) { return winograd_work(channels, outputs); }
