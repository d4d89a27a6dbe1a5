#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "interface.h"

static char *copied(const char *text, size_t count) {
  char *copy = malloc(count + 1);
  if (copy == NULL) abort();
  memcpy(copy, text, count);
  copy[count] = 0;
  return copy;
}

static char *said(const char *text) { return copied(text, strlen(text)); }

char *pjrt_call(const Table *table, int position, void *arguments, PJRTFailure *failure) {
  typedef void *(*Function)(void *);
  void *error = ((Function)table->functions[position])(arguments);
  if (error == NULL) return NULL;
  ARGUMENTS(CodeArguments, code);
  code.error = error;
  void *second = ((Function)table->functions[ERROR_CODE])(&code);
  if (failure != NULL) *failure = second == NULL && code.code == RESOURCE_EXHAUSTED ? PJRT_MEMORY : PJRT_FAILED;
  ARGUMENTS(MessageArguments, message);
  message.error = error;
  ((void (*)(void *))table->functions[ERROR_MESSAGE])(&message);
  char *result = copied(message.message, message.count);
  for (int index = 0; index < 2; index++) {
    ARGUMENTS(ErrorArguments, destroy);
    destroy.error = index == 0 ? error : second;
    if (destroy.error != NULL) ((void (*)(void *))table->functions[ERROR_DESTROY])(&destroy);
  }
  return result;
}

void pjrt_free_message(char *message) { free(message); }

void pjrt_destroy(const Table *table, int position, void *handle) {
  if (handle == NULL) return;
  ARGUMENTS(HandleArguments, arguments);
  arguments.handle = handle;
  free(pjrt_call(table, position, &arguments, NULL));
}

/// The table of the library at `path`, its plugin initialized.
static char *load(const char *path, const Table **table, PJRTFailure *failure) {
  // XLA tells of its own affairs on standard error, unless it is told to keep to errors.
  setenv("TF_CPP_MIN_LOG_LEVEL", "2", 0);
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return said(dlerror());
  const Table *(*get)(void) = (const Table *(*)(void))dlsym(library, "GetPjrtApi");
  if (get == NULL) return said("it has no function GetPjrtApi, so that it is no PJRT plugin");
  const Table *found = get();
  if (found == NULL) return said("its GetPjrtApi returns nothing");
  if (found->version.major != 0 || found->size < sizeof(Table) + FUNCTIONS_USED * sizeof(void *)) {
    *failure = PJRT_VERSION;
    char text[80];
    snprintf(text, sizeof text, "it speaks version %d.%d of PJRT", found->version.major, found->version.minor);
    return said(text);
  }
  *table = found;
  ARGUMENTS(HandleArguments, initialize);
  initialize.size = 2 * sizeof(void *);
  return pjrt_call(found, PLUGIN_INITIALIZE, &initialize, failure);
}

char *pjrt_open(const char *path, int64_t devices, PJRTPlugin **plugin, PJRTFailure *failure) {
  *failure = PJRT_FAILED;
  const Table *table = NULL;
  char *message = load(path, &table, failure);
  if (message != NULL) return message;
  ARGUMENTS(Option, option);
  option.name = "cpu_device_count";
  option.name_count = strlen(option.name);
  option.type = 1;
  option.value = devices;
  option.value_count = 1;
  // Only a client for processors knows the option, and what a client is for is known once there is one.
  for (int given = devices > 0; given >= 0; given--) {
    ARGUMENTS(ClientArguments, create);
    create.options = &option;
    create.option_count = (size_t)given;
    free(message);
    message = pjrt_call(table, CLIENT_CREATE, &create, failure);
    if (message == NULL) {
      PJRTPlugin *made = malloc(sizeof *made);
      if (made == NULL) abort();
      *made = (PJRTPlugin){table, create.client};
      *plugin = made;
      return NULL;
    }
  }
  return message;
}

void pjrt_close(PJRTPlugin *plugin) {
  pjrt_destroy(plugin->table, CLIENT_DESTROY, plugin->client);
  free(plugin);
}

int pjrt_minor_version(const PJRTPlugin *plugin) { return plugin->table->version.minor; }

static char *text(PJRTPlugin *plugin, int position, void *handle, PJRTText *result) {
  ARGUMENTS(TextArguments, arguments);
  arguments.handle = handle;
  char *message = pjrt_call(plugin->table, position, &arguments, NULL);
  *result = (PJRTText){arguments.text, message == NULL ? arguments.count : 0};
  return message;
}

char *pjrt_platform(PJRTPlugin *plugin, PJRTText *name, PJRTText *version) {
  char *message = text(plugin, PLATFORM_NAME, plugin->client, name);
  return message != NULL ? message : text(plugin, PLATFORM_VERSION, plugin->client, version);
}

char *pjrt_devices(PJRTPlugin *plugin, void *const **devices, size_t *count) {
  ARGUMENTS(DevicesArguments, arguments);
  arguments.client = plugin->client;
  char *message = pjrt_call(plugin->table, ADDRESSABLE_DEVICES, &arguments, NULL);
  *devices = arguments.devices;
  *count = message == NULL ? arguments.count : 0;
  return message;
}

char *pjrt_device_kind(PJRTPlugin *plugin, void *device, PJRTText *kind) {
  ARGUMENTS(DescriptionArguments, arguments);
  arguments.device = device;
  char *message = pjrt_call(plugin->table, DEVICE_DESCRIPTION, &arguments, NULL);
  return message != NULL ? message : text(plugin, DEVICE_KIND, arguments.description, kind);
}
