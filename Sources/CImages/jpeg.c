#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include "decode.h"

/// libjpeg's error state with the place to return to.
typedef struct {
  struct jpeg_error_mgr base;
  jmp_buf place;
  char message[JMSG_LENGTH_MAX];
} ErrorState;

static void on_error(j_common_ptr jpeg) {
  ErrorState *state = (ErrorState *)jpeg->err;
  (*jpeg->err->format_message)(jpeg, state->message);
  longjmp(state->place, 1);
}

/// libjpeg warns where data are damaged and makes up the rest; made-up pixels are an error here.
static void on_message(j_common_ptr jpeg, int level) {
  if (level < 0) on_error(jpeg);
}

static void read_rows(j_decompress_ptr jpeg, const Request *request, uint8_t *row) {
  for (size_t y = 0; y < (size_t)request->found->height; y++) {
    JSAMPROW rows[1] = {row};
    jpeg_read_scanlines(jpeg, rows, 1);
    store_row(request, row, y);
  }
  jpeg_finish_decompress(jpeg);
}

static CImagesStatus prepare(j_decompress_ptr jpeg, const Request *request) {
  jpeg_read_header(jpeg, TRUE);
  const int channels = jpeg->num_components == 1 ? 1 : 3;
  *request->found = (CImagesSize){(int32_t)jpeg->image_width, (int32_t)jpeg->image_height, channels};
  if (jpeg->num_components != 1 && jpeg->num_components != 3)
    return refuse(request, CIMAGES_UNSUPPORTED, "is neither grey nor in red, green and blue");
  if (!request->planes) return CIMAGES_OK;
  if (!has_expected_size(request)) return CIMAGES_OTHER_SIZE;
  jpeg->out_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg->dct_method = JDCT_ISLOW;
  jpeg_start_decompress(jpeg);
  return CIMAGES_OK;
}

CImagesStatus jpeg_decode(const Request *request) {
  struct jpeg_decompress_struct jpeg = {0};
  ErrorState state;
  uint8_t *volatile row = NULL;
  volatile CImagesStatus status = CIMAGES_DAMAGED;
  jpeg.err = jpeg_std_error(&state.base);
  state.base.error_exit = on_error;
  state.base.emit_message = on_message;
  if (setjmp(state.place)) {
    refuse(request, CIMAGES_DAMAGED, state.message);
    status = CIMAGES_DAMAGED;
  } else {
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, request->bytes, request->count);
    status = prepare(&jpeg, request);
    if (status == CIMAGES_OK && request->planes) {
      row = malloc((size_t)request->found->width * 3);
      if (row) read_rows(&jpeg, request, row);
      else status = refuse(request, CIMAGES_DAMAGED, "does not fit in memory");
    }
  }
  free(row);
  jpeg_destroy_decompress(&jpeg);
  return status;
}
