#include "CKernels.h"

/// Whether fewer than k classes come before `label`: larger logits, and equal ones of a lower class.
static int is_correct(const float *logits, long label, long classes, long k) {
  float own = logits[label];
  if (own != own) return 0;
  long before = 0;
  for (long c = 0; c < classes; c++) before += !(logits[c] <= own) || (logits[c] == own && c < label);
  return before < k;
}

long drn_count_correct(const float *logits, long pitch, const int32_t *labels, long row_begin, long row_end, long classes, long k) {
  long correct = 0;
  for (long row = row_begin; row < row_end; row++) {
    if (labels[row] >= 0 && labels[row] < classes) correct += is_correct(logits + row * pitch, labels[row], classes, k);
  }
  return correct;
}
