// The tiles of padded images that Winograd kernels walk over.
#pragma once

#include "winograd_transforms.h"

/// Padded images of one shape that follow each other, and the images of results or of their gradients.
typedef struct winograd_images {
  const drn_convolution *shape;
  int tile;
  /// Floats from one row of a padded image to the next, and from one image to the next.
  long row_step, image_step;
  /// Floats from one row of a result to the next, and from one image to the next.
  long out_row_step, out_image_step;
  /// Tiles of all images.
  long count;
} winograd_images;

INLINE winograd_images images_of(const drn_convolution *shape, const int tile, long images, long image_step) {
  const long row = shape->out_width * shape->out_pitch;
  const long tiles = (shape->out_height + tile - 1) / tile * ((shape->out_width + tile - 1) / tile);
  return (winograd_images){shape, tile, shape->padded_width * shape->pixel_pitch, image_step, row, shape->out_height * row, images * tiles};
}

/// The first pixel of a tile in the results.
typedef struct tile_place {
  long image, row, column;
} tile_place;

INLINE tile_place place_of_tile(const winograd_images *images, long index) {
  const long across = (images->shape->out_width + images->tile - 1) / images->tile;
  const long down = (images->shape->out_height + images->tile - 1) / images->tile;
  return (tile_place){index / (across * down), index / across % down * images->tile, index % across * images->tile};
}

INLINE tile_place next_place(const winograd_images *images, tile_place place) {
  place.column += images->tile;
  if (place.column < images->shape->out_width) return place;
  place.row += images->tile;
  if (place.row < images->shape->out_height) return (tile_place){place.image, place.row, 0};
  return (tile_place){place.image + 1, 0, 0};
}

/// Of a tile's rows or columns from `place` on, those inside `extent`.
INLINE long inside_of(const int tile, long place, long extent) { return extent - place < tile ? extent - place : tile; }

/// The part of what is read next that falls to the tiles from `first` on, fetched into the second cache.
INLINE void fetch_part(drn_ahead ahead, long first, long tiles, long count) {
  enum { line = 16 };
  const long begin = ahead.floats * first / count / line * line, end = ahead.floats * (first + tiles) / count;
  for (long i = begin; i < end; i += line) __builtin_prefetch(ahead.from + i, 0, 2);
}

/// Two rows of points of Bt x B of one tile and one block of channels, to v[point * point_step].
INLINE void transform_input(const int tile, const int pair, const float *x, long row_step, long pixel_step, float *v, long point_step) {
  block rows[2][most_points];
  UNROLL for (int j = 0; j < tile + 2; j++) {
    block d[most_points];
    UNROLL for (int i = 0; i < tile + 2; i++) d[i] = load_block(x + i * row_step + j * pixel_step);
    block_pair points = input_points(tile, pair, d);
    rows[0][j] = points.first;
    rows[1][j] = points.second;
  }
  UNROLL for (int r = 0; r < 2; r++) {
    UNROLL for (int p = 0; p < pair_count(tile); p++, v += 2 * point_step) {
      block_pair points = input_points(tile, p, rows[r]);
      store_block(v, points.first);
      store_block(v + point_step, points.second);
    }
  }
}

/// The same for all channels of `tiles` tiles from a place on: v[point][channel block][tile][16].
INLINE void transform_inputs(
    const int tile, const int pair, const winograd_images *images, const float *padded, tile_place place, long tiles, float *v) {
  const drn_convolution *shape = images->shape;
  for (long t = 0; t < tiles; t++, place = next_place(images, place)) {
    const float *from = padded + place.image * images->image_step + place.row * images->row_step + place.column * shape->pixel_pitch;
    for (long c = 0; c < shape->channels; c += block_size) {
      transform_input(
          tile, pair, from + c, images->row_step, shape->pixel_pitch, v + t * block_size + c * winograd_tiles,
          winograd_point_step(shape->channels));
    }
  }
}
