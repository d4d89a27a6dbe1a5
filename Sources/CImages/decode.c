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

static CImagesStatus decode(const Request *request) {
  static const uint8_t png[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  if (request->count == 0) return refuse(request, CIMAGES_DAMAGED, "is empty");
  if (request->count >= sizeof png && memcmp(request->bytes, png, sizeof png) == 0) return png_decode(request);
  if (request->count >= 2 && request->bytes[0] == 0xFF && request->bytes[1] == 0xD8) return jpeg_decode(request);
  return refuse(request, CIMAGES_UNKNOWN, "starts neither as a PNG nor as a JPEG file does");
}

CImagesStatus cimages_header(const uint8_t *bytes, size_t count, CImagesSize *size, char message[CIMAGES_MESSAGE_LENGTH]) {
  const Request request = {bytes, count, {0, 0, 0}, NULL, size, message};
  return decode(&request);
}

CImagesStatus cimages_decode(
    const uint8_t *bytes, size_t count, CImagesSize expected, uint8_t *planes, CImagesSize *found, char message[CIMAGES_MESSAGE_LENGTH]) {
  const Request request = {bytes, count, expected, planes, found, message};
  return decode(&request);
}
