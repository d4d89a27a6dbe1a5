// Philox4x32-10, one block at a time; the definition is in drn/random.h.
#pragma once

#include <stdint.h>

typedef struct {
  uint32_t word[4];
} philox_block;

static inline philox_block philox(uint64_t block, uint32_t key0, uint32_t key1) {
  uint32_t c0 = (uint32_t)block, c1 = (uint32_t)(block >> 32), c2 = 0, c3 = 0;
  for (int round = 0; round < 10; round++) {
    uint64_t p = (uint64_t)c0 * 0xD2511F53u, q = (uint64_t)c2 * 0xCD9E8D57u;
    uint32_t next0 = (uint32_t)(q >> 32) ^ c1 ^ key0, next2 = (uint32_t)(p >> 32) ^ c3 ^ key1;
    c1 = (uint32_t)q;
    c3 = (uint32_t)p;
    c0 = next0;
    c2 = next2;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return (philox_block){{c0, c1, c2, c3}};
}
