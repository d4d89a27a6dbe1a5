// What every decoder does with a request.
#include "decode.h"

#include <stdio.h>
#include <string.h>

CImagesStatus refuse(const Request *request, CImagesStatus status, const char *reason) {
  snprintf(request->message, CIMAGES_MESSAGE_LENGTH, "%s", reason);
  return status;
}

int has_expected_size(const Request *request) {
  const CImagesSize *a = &request->expected, *b = request->found;
  return a->width == b->width && a->height == b->height && a->channels == b->channels;
}

void store_row(const Request *request, const uint8_t *row, size_t y) {
  const size_t width = (size_t)request->found->width, plane = width * (size_t)request->found->height;
  uint8_t *target = request->planes + y * width;
  if (request->found->channels == 1) {
    memcpy(target, row, width);
    return;
  }
  for (size_t x = 0; x < width; x++) {
    target[x] = row[3 * x];
    target[plane + x] = row[3 * x + 1];
    target[2 * plane + x] = row[3 * x + 2];
  }
}
