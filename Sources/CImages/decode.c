#include "decode.h"

#include <string.h>

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
