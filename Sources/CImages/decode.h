// What the two decoders share.
#ifndef CIMAGES_DECODE_H
#define CIMAGES_DECODE_H

#include "CImages.h"

/// The largest extent read; keeps every size computed from a header within 64 bits.
enum { LARGEST_EXTENT = 65535 };

/// A picture to decode, or only its header when `planes` is null.
typedef struct {
  const uint8_t *bytes;
  size_t count;
  CImagesSize expected;
  uint8_t *planes;
  CImagesSize *found;
  char *message;
} Request;

CImagesStatus png_decode(const Request *request);
CImagesStatus jpeg_decode(const Request *request);

/// Writes the reason and returns the status.
CImagesStatus refuse(const Request *request, CImagesStatus status, const char *reason);

/// Whether the size found is the one expected.
int has_expected_size(const Request *request);

/// Spreads one row of interleaved bytes over the planes.
void store_row(const Request *request, const uint8_t *row, size_t y);

#endif
