// The sizes of the work space of the Winograd kernels.
#pragma once

/// Results on a side of a tile, points on a side of a transformed tile, and all its points.
enum { winograd_tile = 4, winograd_row = winograd_tile + 2, winograd_points = winograd_row * winograd_row };

/// Tiles multiplied at a time: what is kept of them fits the nearest cache, weights and sums are read once for all of them.
enum { winograd_tiles = 16, winograd_slab = 16 * winograd_tiles };

/// Floats of one point of so many channels; not a power of two, so that the points do not compete for a cache set.
static inline long winograd_point_step(long channels) { return (channels + 15) / 16 * winograd_slab + 16; }

/// Floats for two rows of points of the image and, of the result, two rows of points of its gradient or a row for each row of a tile.
static inline long winograd_work(long channels, long outputs) {
  return winograd_row * (2 * winograd_point_step(channels) + winograd_tile * winograd_point_step(outputs));
}

/// Channels whose weights are transformed at a time for many tiles, and the most outputs of a task: what a task keeps fits a second cache.
enum { winograd_wide_channels = 64, winograd_wide_outputs = 64, winograd_wide_tiles = 64 };

/// Floats of one point of so many channels of some tiles; not a power of two.
static inline long winograd_wide_step(long channels, long tiles) { return (channels + 15) / 16 * 16 * tiles + 16; }

/// Floats of a task of as many outputs and tiles as there may be: transformed weights and products; sums of a gradient need less.
static inline long winograd_wide_work(void) {
  return winograd_points * (winograd_wide_channels * winograd_wide_outputs + 16 + winograd_wide_tiles * winograd_wide_outputs + 16);
}
