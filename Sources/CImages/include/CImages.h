// Decoding of PNG and JPEG pictures from memory. The libraries report errors by longjmp, which Swift cannot cross: it stays in here.
#ifndef CIMAGES_H
#define CIMAGES_H

#include <stddef.h>
#include <stdint.h>

/// What became of a picture.
typedef enum {
  CIMAGES_OK = 0,
  /// The bytes start neither as a PNG nor as a JPEG file does.
  CIMAGES_UNKNOWN = 1,
  /// Cut short or damaged.
  CIMAGES_DAMAGED = 2,
  /// A kind of picture that is not read: transparent parts, 16 bits a channel, CMYK.
  CIMAGES_UNSUPPORTED = 3,
  /// Not of the size the caller expects.
  CIMAGES_OTHER_SIZE = 4,
} CImagesStatus;

enum { CIMAGES_MESSAGE_LENGTH = 256 };

/// Width, height and channels (1 for grey, 3 for red, green and blue) of a decoded picture.
typedef struct {
  int32_t width, height, channels;
} CImagesSize;

/// Reads the header of a picture of `count` bytes. On failure `message` says why, without a path.
CImagesStatus cimages_header(const uint8_t *bytes, size_t count, CImagesSize *size, char message[CIMAGES_MESSAGE_LENGTH]);

/// Decodes a picture of exactly the size `expected` into `planes`, channels first, rows of `width` bytes without padding. Where the
/// picture has another size, `found` tells it and nothing is written. Numbers are those stored in the file: no gamma is applied.
CImagesStatus cimages_decode(
    const uint8_t *bytes, size_t count, CImagesSize expected, uint8_t *planes, CImagesSize *found, char message[CIMAGES_MESSAGE_LENGTH]);

#endif
