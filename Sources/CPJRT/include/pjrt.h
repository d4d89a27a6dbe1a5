// What drnc uses of the PJRT C API (https://openxla.org/xla/pjrt): a plugin opened at run time, its client, executables and buffers.
//
// The layout of the interface is declared in pjrt.c from its public description. It grows at the ends of its table and of its structs only, so that every
// plugin of major version 0 whose table has the functions used here is understood. Nothing is linked.
//
// A function that can fail returns a message, freed by `pjrt_free_message`, or NULL. Handles are the plugin's and are freed by the function named with them.
#ifndef CPJRT_H
#define CPJRT_H

#include <stddef.h>
#include <stdint.h>

typedef struct PJRTPlugin PJRTPlugin;

/// What kind of failure a message tells of.
typedef enum {
  PJRT_FAILED = 0,
  /// A device has too little memory.
  PJRT_MEMORY = 1,
  /// The plugin speaks another version of the interface.
  PJRT_VERSION = 2,
} PJRTFailure;

/// Of an element.
typedef enum { PJRT_INT32 = 4, PJRT_UINT64 = 9, PJRT_FLOAT32 = 11, PJRT_BFLOAT16 = 13 } PJRTElement;

/// Bytes that the plugin owns; not ended by a zero.
typedef struct {
  const char *start;
  size_t count;
} PJRTText;

void pjrt_free_message(char *message);

/// Opens the library at `path` and makes its client, over `devices` processors where it is one for processors and that is not 0. A library stays open for
/// the life of the process.
char *pjrt_open(const char *path, int64_t devices, PJRTPlugin **plugin, PJRTFailure *failure);
/// Frees the client.
void pjrt_close(PJRTPlugin *plugin);
/// The minor version of the interface that the plugin was built with.
int pjrt_minor_version(const PJRTPlugin *plugin);
/// The kind of machine, as `cpu` or `cuda`, and what it says of its version.
char *pjrt_platform(PJRTPlugin *plugin, PJRTText *name, PJRTText *version);
/// The devices of this process.
char *pjrt_devices(PJRTPlugin *plugin, void *const **devices, size_t *count);
/// The kind of a device, as its maker calls it.
char *pjrt_device_kind(PJRTPlugin *plugin, void *device, PJRTText *kind);

/// Compiles a module of StableHLO as text, with `options`, a serialized CompileOptionsProto. Freed by `pjrt_free_executable`.
char *pjrt_compile(
    PJRTPlugin *plugin, const char *text, size_t count, const uint8_t *options, size_t option_count, void **executable,
    PJRTFailure *failure);
void pjrt_free_executable(PJRTPlugin *plugin, void *executable);

/// Copies a dense row-major array to a device; `data` is read until this returns. Freed by `pjrt_free_buffer`.
char *pjrt_put(
    PJRTPlugin *plugin, void *device, const void *data, PJRTElement element, const int64_t *extents, size_t rank, void **buffer,
    PJRTFailure *failure);
/// Copies a buffer of so many axes into `count` bytes, row-major.
char *pjrt_get(PJRTPlugin *plugin, void *buffer, size_t rank, void *data, size_t count, PJRTFailure *failure);
void pjrt_free_buffer(PJRTPlugin *plugin, void *buffer);

/// Runs an executable on all its devices and waits for them: `arguments` and `results` have `argument_count` and `result_count` buffers of the first device,
/// then as many of the second, and so on. Buffers of arguments that are donated can only be freed afterwards. On failure `results` are NULL.
char *pjrt_run(
    PJRTPlugin *plugin, void *executable, size_t devices, void *const *arguments, size_t argument_count, void **results,
    size_t result_count, PJRTFailure *failure);

#endif
