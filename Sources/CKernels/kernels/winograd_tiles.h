// The tiles of padded images that Winograd kernels walk over.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "winograd_transforms.h"

/// Padded images of one shape that follow each other, and the images of results or of their gradients.
typedef struct winograd_images {
  const drn_convolution *shape;
  /// Floats from one row of a padded image to the next, and from one image to the next; the same of results.
  long row_step, image_step, out_row_step, out_image_step;
  /// Tiles across and down a result, and of all images.
  long across, down, count;
} winograd_images;

INLINE winograd_images images_of(const drn_convolution *shape, long images, long image_step) {
  const long row = shape->out_width * shape->out_pitch;
  const long across = (shape->out_width + winograd_tile - 1) / winograd_tile;
  const long down = (shape->out_height + winograd_tile - 1) / winograd_tile;
  return (winograd_images){
      shape, shape->padded_width * shape->pixel_pitch, image_step, row, shape->out_height * row, across, down, images * across * down};
}

/// The first pixel of a tile in the results.
typedef struct tile_place {
  long image, row, column;
} tile_place;

INLINE tile_place place_of_tile(const winograd_images *images, long index) {
  const long line = index / images->across;
  return (tile_place){line / images->down, line % images->down * winograd_tile, index % images->across * winograd_tile};
}

INLINE tile_place next_place(const winograd_images *images, tile_place place) {
  place.column += winograd_tile;
  if (place.column < images->shape->out_width) return place;
  place.row += winograd_tile;
  if (place.row < images->shape->out_height) return (tile_place){place.image, place.row, 0};
  return (tile_place){place.image + 1, 0, 0};
}

/// How many of a tile's rows or columns from `place` on lie inside `extent`.
INLINE long inside_of(long place, long extent) { return extent - place < winograd_tile ? extent - place : winograd_tile; }

/// The part of what is read next that falls to the tiles from `first` on, fetched into the second cache.
INLINE void fetch_part(drn_ahead ahead, long first, long tiles, long count) {
  enum { line = 16 };
  const long begin = ahead.floats * first / count / line * line, end = ahead.floats * (first + tiles) / count;
  for (long i = begin; i < end; i += line) __builtin_prefetch(ahead.from + i, 0, 2);
}

/// Two rows of points of Bt x B of one tile and one block of channels, to v[point * point_step].
INLINE void transform_input(const int pair, const float *x, long row_step, long pixel_step, float *v, long point_step) {
  block rows[2][winograd_row];
  UNROLL for (int j = 0; j < winograd_row; j++) {
    block d[winograd_row];
    UNROLL for (int i = 0; i < winograd_row; i++) d[i] = load_block(x + i * row_step + j * pixel_step);
    block_pair points = input_points(pair, d);
    rows[0][j] = points.first;
    rows[1][j] = points.second;
  }
  store_rows(input_points, rows, v, point_step);
}

/// The same for all channels of `tiles` tiles from a place on: v[point][channel block][tile][16].
INLINE void transform_inputs(
    const int pair, const winograd_images *images, const float *padded, tile_place place, long tiles, float *v) {
  const drn_convolution *shape = images->shape;
  for (long t = 0; t < tiles; t++, place = next_place(images, place)) {
    const float *from = padded + place.image * images->image_step + place.row * images->row_step + place.column * shape->pixel_pitch;
    for (long c = 0; c < shape->channels; c += block_size) {
      transform_input(
          pair, from + c, images->row_step, shape->pixel_pitch, v + t * block_size + c * winograd_tiles,
          winograd_point_step(shape->channels));
    }
  }
}
