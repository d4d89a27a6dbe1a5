#include <png.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"

typedef struct {
  const Request *request;
  size_t position;
} Source;

static void read_bytes(png_structp png, png_bytep target, png_size_t count) {
  Source *source = png_get_io_ptr(png);
  if (count > source->request->count - source->position) png_error(png, "ends too early");
  memcpy(target, source->request->bytes + source->position, count);
  source->position += count;
}

static void on_error(png_structp png, png_const_charp reason) {
  const Request *request = png_get_error_ptr(png);
  refuse(request, CIMAGES_DAMAGED, reason);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp reason) {
  (void)png;
  (void)reason;
}

/// Reads the header and asks for 8 bits a channel; `CIMAGES_OK` when the picture is of a kind that is read. `has_alpha` says whether a channel of how
/// opaque each point is follows the others.
static CImagesStatus prepare(png_structp png, png_infop info, const Request *request, volatile int *has_alpha) {
  png_read_info(png, info);
  const int color = png_get_color_type(png, info);
  *request->found = (CImagesSize){
      (int32_t)png_get_image_width(png, info), (int32_t)png_get_image_height(png, info), color & PNG_COLOR_MASK_COLOR ? 3 : 1};
  if (png_get_bit_depth(png, info) == 16) return refuse(request, CIMAGES_UNSUPPORTED, "has 16 bits a channel; 8 are read");
  *has_alpha = color & PNG_COLOR_MASK_ALPHA || png_get_valid(png, info, PNG_INFO_tRNS);
  png_set_expand(png);
  return CIMAGES_OK;
}

/// Takes the last channel out of a row of points that are all opaque; false where one is not.
static bool take_alpha_out(uint8_t *row, size_t width, size_t channels) {
  for (size_t x = 0; x < width; x++) {
    if (row[x * (channels + 1) + channels] != UINT8_MAX) return false;
    memmove(row + x * channels, row + x * (channels + 1), channels);
  }
  return true;
}

/// All rows at once, since an interlaced picture has none before its end.
static CImagesStatus read_rows(
    png_structp png, png_infop info, const Request *request, uint8_t *volatile *rows, bool has_alpha) {
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  const size_t height = (size_t)request->found->height, pitch = png_get_rowbytes(png, info);
  const size_t width = (size_t)request->found->width, channels = (size_t)request->found->channels;
  if (pitch != width * (channels + has_alpha)) png_error(png, "has rows of an unexpected length");
  uint8_t *image = malloc(height * pitch);
  *rows = image;
  if (!image) png_error(png, "does not fit in memory");
  const int passes = png_get_interlace_type(png, info) == PNG_INTERLACE_NONE ? 1 : PNG_INTERLACE_ADAM7_PASSES;
  for (int pass = 0; pass < passes; pass++)
    for (size_t y = 0; y < height; y++) png_read_row(png, image + y * pitch, NULL);
  png_read_end(png, NULL);
  for (size_t y = 0; y < height; y++) {
    if (has_alpha && !take_alpha_out(image + y * pitch, width, channels))
      return refuse(request, CIMAGES_UNSUPPORTED, "has transparent parts, which are not read");
    store_row(request, image + y * pitch, y);
  }
  return CIMAGES_OK;
}

CImagesStatus png_decode(const Request *request) {
  Source source = {request, 0};
  uint8_t *volatile rows = NULL;
  volatile CImagesStatus status = CIMAGES_DAMAGED;
  volatile int has_alpha = 0;
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, (void *)request, on_error, on_warning);
  if (!png) return refuse(request, CIMAGES_DAMAGED, "cannot be read: libpng has no memory");
  png_infop info = png_create_info_struct(png);
  if (info && !setjmp(png_jmpbuf(png))) {
    png_set_read_fn(png, &source, read_bytes);
    png_set_user_limits(png, LARGEST_EXTENT, LARGEST_EXTENT);
    status = prepare(png, info, request, &has_alpha);
    if (status == CIMAGES_OK && request->planes) {
      if (has_expected_size(request)) status = read_rows(png, info, request, &rows, has_alpha);
      else status = CIMAGES_OTHER_SIZE;
    }
  } else {
    status = CIMAGES_DAMAGED;
  }
  free(rows);
  png_destroy_read_struct(&png, &info, NULL);
  return status;
}
