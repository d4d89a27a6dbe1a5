// The layout of the PJRT C API, as far as it is used: positions in its table and the arguments of its functions.
#ifndef CPJRT_INTERFACE_H
#define CPJRT_INTERFACE_H

#include <string.h>

#include "pjrt.h"

/// Every struct of the interface begins so.
#define HEAD     \
  size_t size;   \
  void *extension

/// Makes the arguments of a call, all zero but for their size.
#define ARGUMENTS(type, name) \
  type name;                  \
  memset(&name, 0, sizeof name); \
  name.size = sizeof name

typedef struct {
  HEAD;
  struct {
    HEAD;
    int major, minor;
  } version;
  void *functions[];
} Table;

/// Positions in the table of functions.
enum {
  ERROR_DESTROY = 0,
  ERROR_MESSAGE = 1,
  ERROR_CODE = 2,
  PLUGIN_INITIALIZE = 3,
  EVENT_DESTROY = 5,
  EVENT_AWAIT = 8,
  CLIENT_CREATE = 10,
  CLIENT_DESTROY = 11,
  PLATFORM_NAME = 12,
  PLATFORM_VERSION = 14,
  ADDRESSABLE_DEVICES = 16,
  COMPILE = 20,
  BUFFER_FROM_HOST = 22,
  DEVICE_KIND = 26,
  DEVICE_DESCRIPTION = 29,
  EXECUTABLE_DESTROY = 50,
  EXECUTE = 55,
  BUFFER_DESTROY = 58,
  BUFFER_TO_HOST = 70,
  FUNCTIONS_USED = 71,
};

/// The code of an error for lack of memory, that of absl::Status.
enum { RESOURCE_EXHAUSTED = 8 };

struct PJRTPlugin {
  const Table *table;
  void *client;
};

typedef struct {
  HEAD;
  void *error;
} ErrorArguments;

typedef struct {
  HEAD;
  void *error;
  const char *message;
  size_t count;
} MessageArguments;

typedef struct {
  HEAD;
  void *error;
  int code;
} CodeArguments;

typedef struct {
  HEAD;
  void *handle;
} HandleArguments;

typedef struct {
  HEAD;
  const char *name;
  size_t name_count;
  int type;
  int64_t value;
  size_t value_count;
} Option;

typedef struct {
  HEAD;
  const Option *options;
  size_t option_count;
  void *get, *get_argument, *put, *put_argument;
  void *client;
  void *try_get, *try_get_argument;
} ClientArguments;

typedef struct {
  HEAD;
  void *handle;
  const char *text;
  size_t count;
} TextArguments;

typedef struct {
  HEAD;
  void *client;
  void *const *devices;
  size_t count;
} DevicesArguments;

typedef struct {
  HEAD;
  void *device, *description;
} DescriptionArguments;

typedef struct {
  HEAD;
  const char *code;
  size_t count;
  const char *format;
  size_t format_count;
} Program;

typedef struct {
  HEAD;
  void *client;
  const Program *program;
  const uint8_t *options;
  size_t option_count;
  void *executable;
} CompileArguments;

typedef struct {
  HEAD;
  void *client;
  const void *data;
  int type;
  const int64_t *extents;
  size_t rank;
  const int64_t *strides;
  size_t stride_count;
  int semantics;
  void *device, *memory, *layout;
  void *done, *buffer;
} FromHostArguments;

/// An order of axes, without tiles.
typedef struct {
  HEAD;
  struct {
    HEAD;
    const int64_t *minor_to_major;
    size_t rank;
    const int64_t *tiles;
    const size_t *tile_sizes;
    size_t tile_count;
  } order;
  int type;
} Layout;

typedef struct {
  HEAD;
  void *buffer;
  const Layout *layout;
  void *data;
  size_t count;
  void *event;
} ToHostArguments;

/// Zero throughout; with room for what later versions have added.
typedef struct {
  HEAD;
  void *members[16];
} ExecuteOptions;

typedef struct {
  HEAD;
  void *executable;
  const ExecuteOptions *options;
  void *const *const *arguments;
  size_t devices, argument_count;
  void **const *results;
  void **events;
  void *device;
} ExecuteArguments;

/// Calls a function and returns its message, which the caller frees, or NULL.
char *pjrt_call(const Table *table, int position, void *arguments, PJRTFailure *failure);
/// Frees a handle, whose function has nothing to report that could be acted on.
void pjrt_destroy(const Table *table, int position, void *handle);

#endif
