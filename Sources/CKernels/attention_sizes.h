// The work space of attention, laid out the same for every instruction set.
#pragma once

enum {
  attention_block = 32,  // queries that are worked on at a time
  attention_keys = 128,  // keys whose scores the gradient works on at a time
};

static inline long attention_work(long padded_length, long size, int gradient) {
  long width = (size + 15) / 16 * 16, length = (padded_length + 15) / 16 * 16;
  if (gradient) return 4 * length * width + 5 * attention_block * width + 2 * attention_block * attention_keys;
  return 2 * length * width + 3 * attention_block * width + attention_block * length;
}

/// The scores of a query, and a row of queries or keys.
static inline long cached_attention_work(long length, long size) { return (length + 15) / 16 * 16 + (size + 15) / 16 * 16; }
