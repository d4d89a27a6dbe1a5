#include <stdlib.h>

#include "interface.h"

/// Waits for an event and frees it.
static char *await(const Table *table, void *event, PJRTFailure *failure) {
  if (event == NULL) return NULL;
  ARGUMENTS(HandleArguments, arguments);
  arguments.handle = event;
  char *message = pjrt_call(table, EVENT_AWAIT, &arguments, failure);
  pjrt_destroy(table, EVENT_DESTROY, event);
  return message;
}

char *pjrt_compile(
    PJRTPlugin *plugin, const char *text, size_t count, const uint8_t *options, size_t option_count, void **executable,
    PJRTFailure *failure) {
  ARGUMENTS(Program, program);
  program.code = text;
  program.count = count;
  program.format = "mlir";
  program.format_count = strlen(program.format);
  ARGUMENTS(CompileArguments, arguments);
  arguments.client = plugin->client;
  arguments.program = &program;
  arguments.options = options;
  arguments.option_count = option_count;
  char *message = pjrt_call(plugin->table, COMPILE, &arguments, failure);
  *executable = arguments.executable;
  return message;
}

void pjrt_free_executable(PJRTPlugin *plugin, void *executable) { pjrt_destroy(plugin->table, EXECUTABLE_DESTROY, executable); }

char *pjrt_put(
    PJRTPlugin *plugin, void *device, const void *data, PJRTElement element, const int64_t *extents, size_t rank, void **buffer,
    PJRTFailure *failure) {
  ARGUMENTS(FromHostArguments, arguments);
  arguments.client = plugin->client;
  arguments.data = data;
  arguments.type = (int)element;
  arguments.extents = extents;
  arguments.rank = rank;
  arguments.device = device;
  char *message = pjrt_call(plugin->table, BUFFER_FROM_HOST, &arguments, failure);
  if (message == NULL) message = await(plugin->table, arguments.done, failure);
  if (message != NULL) pjrt_free_buffer(plugin, arguments.buffer);
  *buffer = message == NULL ? arguments.buffer : NULL;
  return message;
}

char *pjrt_get(PJRTPlugin *plugin, void *buffer, size_t rank, void *data, size_t count, PJRTFailure *failure) {
  // Without a layout the array would come in the order of axes that the device has chosen.
  int64_t *axes = malloc((rank + 1) * sizeof *axes);
  if (axes == NULL) abort();
  for (size_t axis = 0; axis < rank; axis++) axes[axis] = (int64_t)(rank - 1 - axis);
  ARGUMENTS(Layout, layout);
  layout.order.size = sizeof layout.order;
  layout.order.minor_to_major = axes;
  layout.order.rank = rank;
  ARGUMENTS(ToHostArguments, arguments);
  arguments.buffer = buffer;
  arguments.layout = &layout;
  arguments.data = data;
  arguments.count = count;
  char *message = pjrt_call(plugin->table, BUFFER_TO_HOST, &arguments, failure);
  if (message == NULL) message = await(plugin->table, arguments.event, failure);
  free(axes);
  return message;
}

void pjrt_free_buffer(PJRTPlugin *plugin, void *buffer) { pjrt_destroy(plugin->table, BUFFER_DESTROY, buffer); }

char *pjrt_run(
    PJRTPlugin *plugin, void *executable, size_t devices, void *const *arguments, size_t argument_count, void **results,
    size_t result_count, PJRTFailure *failure) {
  void **pointers = calloc(3 * devices + 1, sizeof *pointers);
  if (pointers == NULL) abort();
  void *const **given = (void *const **)pointers;
  void ***taken = (void ***)(pointers + devices);
  void **events = pointers + 2 * devices;
  memset(results, 0, devices * result_count * sizeof *results);
  for (size_t device = 0; device < devices; device++) {
    given[device] = arguments + device * argument_count;
    taken[device] = results + device * result_count;
  }
  ARGUMENTS(ExecuteOptions, options);
  ARGUMENTS(ExecuteArguments, execute);
  execute.executable = executable;
  execute.options = &options;
  execute.arguments = given;
  execute.devices = devices;
  execute.argument_count = argument_count;
  execute.results = taken;
  execute.events = events;
  char *message = pjrt_call(plugin->table, EXECUTE, &execute, failure);
  for (size_t device = 0; message == NULL && device < devices; device++) {
    message = await(plugin->table, events[device], failure);
    events[device] = NULL;
  }
  for (size_t device = 0; device < devices; device++) pjrt_destroy(plugin->table, EVENT_DESTROY, events[device]);
  if (message != NULL) {
    for (size_t index = 0; index < devices * result_count; index++) pjrt_free_buffer(plugin, results[index]);
    memset(results, 0, devices * result_count * sizeof *results);
  }
  free(pointers);
  return message;
}
