// A plugin of a version of PJRT that drnc does not know.
#include <stddef.h>

static struct {
  size_t size;
  void *extension;
  struct {
    size_t size;
    void *extension;
    int major, minor;
  } version;
} table = {sizeof table, NULL, {24, NULL, 1, 7}};

const void *GetPjrtApi(void) { return &table; }
