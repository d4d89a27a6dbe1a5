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


/// The windows of one image as rows of a matrix, for rows row_begin..<row_end of windows; padding is 0.
typedef struct drn_windows {
  long height, width, pixel_pitch;  ///< The image; floats from one pixel to the next.
  long channels;                    ///< Channels taken of every pixel.
  long out_width;                   ///< Windows of a row.
  long kernel_height, kernel_width, stride_y, stride_x, dilation_y, dilation_x, top, left;
} drn_windows;
