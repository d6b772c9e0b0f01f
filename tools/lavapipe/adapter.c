/*
 * The Vulkan library that Chromium takes for its own software adapter, with Mesa's lavapipe behind it.
 *
 * Chromium loads the driver of its software adapter by file name, and believes that a device is one by two numbers alone. So
 * this library has that name and hands every question to the system's Vulkan loader, whose only driver is lavapipe (the
 * program that starts Chromium says so in its environment); only those two numbers are told as Chromium's own driver tells
 * them. LOADER is the path of the loader's library, given when this is compiled.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef void (*Procedure)(void);
typedef Procedure (*Lookup)(void *instance, const char *name);

/* What Chromium knows its software adapter by. */
enum { SOFTWARE_VENDOR = 0x1AE0, SOFTWARE_DEVICE = 0xC0DE };

/* How VkPhysicalDeviceProperties begins, and VkPhysicalDeviceProperties2, which it is a part of. */
struct Properties {
  uint32_t api_version, driver_version, vendor, device;
};
struct Properties2 {
  uint32_t type;
  void *next;
  struct Properties properties;
};

static void (*read_properties)(void *device, struct Properties *out);
static void (*read_properties2)(void *device, struct Properties2 *out);

static void pose(struct Properties *properties) {
  properties->vendor = SOFTWARE_VENDOR;
  properties->device = SOFTWARE_DEVICE;
}

static void posing_properties(void *device, struct Properties *out) {
  read_properties(device, out);
  pose(out);
}

static void posing_properties2(void *device, struct Properties2 *out) {
  read_properties2(device, out);
  pose(&out->properties);
}

static Lookup open_loader(void) {
  static Lookup lookup;
  if (lookup) return lookup;
  void *library = dlopen(LOADER, RTLD_NOW | RTLD_LOCAL);
  if (library) lookup = (Lookup)dlsym(library, "vkGetInstanceProcAddr");
  if (!lookup) fprintf(stderr, "lavapipe: %s\n", dlerror());
  return lookup;
}

static int is(const char *name, const char *other) { return strcmp(name, other) == 0; }

Procedure vkGetInstanceProcAddr(void *instance, const char *name) {
  Lookup lookup = open_loader();
  if (!lookup) return 0;
  if (is(name, "vkGetInstanceProcAddr")) return (Procedure)vkGetInstanceProcAddr;
  Procedure found = lookup(instance, name);
  if (!found) return 0;
  if (is(name, "vkGetPhysicalDeviceProperties")) {
    read_properties = (void (*)(void *, struct Properties *))found;
    return (Procedure)posing_properties;
  }
  if (is(name, "vkGetPhysicalDeviceProperties2") || is(name, "vkGetPhysicalDeviceProperties2KHR")) {
    read_properties2 = (void (*)(void *, struct Properties2 *))found;
    return (Procedure)posing_properties2;
  }
  return found;
}
