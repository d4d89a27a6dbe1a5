// The sizes of the work space of the Winograd kernels, for tiles of `tile` x `tile` results: 2 or 4.
#pragma once

/// Tiles multiplied at a time: what is kept of them fits the nearest cache, weights and sums are read once for all of them.
enum { winograd_tiles = 16, winograd_slab = 16 * winograd_tiles };

/// Points of a row of a tile, and of a tile.
static inline long winograd_row(int tile) { return tile + 2; }
static inline long winograd_points(int tile) { return winograd_row(tile) * winograd_row(tile); }

/// Floats of one point of so many channels; not a power of two, so that the points do not compete for a cache set.
static inline long winograd_point_step(long channels) { return (channels + 15) / 16 * winograd_slab + 16; }

/// Floats for two rows of points of the image and, of the result, two rows of points of a gradient or a row for each row of a tile.
static inline long winograd_work(int tile, long channels, long outputs) {
  return winograd_row(tile) * (2 * winograd_point_step(channels) + tile * winograd_point_step(outputs));
}
