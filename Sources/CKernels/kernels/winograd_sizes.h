// The sizes of the work space of winograd.h.
#pragma once

/// Points of a tile, tiles multiplied at a time, and the floats of one block of 16 channels of so many tiles.
enum { winograd_points = 16, winograd_tiles = 16, winograd_slab = 16 * winograd_tiles };

/// Floats of one point of so many channels; not a power of two, so that the points do not compete for a cache set.
static inline long winograd_point_step(long channels) { return (channels + 15) / 16 * 16 * winograd_tiles + 16; }
