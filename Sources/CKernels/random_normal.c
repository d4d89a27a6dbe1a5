#include "CKernels.h"
#include "philox.h"

#include <math.h>

void drn_random_normal(float *y, long begin, long end, float mean, float deviation, uint32_t key0, uint32_t key1) {
  for (long i = begin; i < end;) {
    philox_block block = philox((uint64_t)i / 4, key0, key1);
    for (; i < end; i++) {
      int pair = (int)(i % 4) & 2;
      double radius = sqrt(-2 * log(((double)block.word[pair] + 1) * 0x1p-32));
      double angle = 6.283185307179586 * (block.word[pair + 1] * 0x1p-32);
      double normal = i % 2 == 0 ? radius * cos(angle) : radius * sin(angle);
      double spread = (double)deviation * normal;
      y[i] = (float)((double)mean + spread);
      if (i % 4 == 3) {
        i++;
        break;
      }
    }
  }
}
