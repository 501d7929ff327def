#include "foreign.hpp"

#include <dlfcn.h>
#include <link.h>

namespace wd::shim {

namespace {

// Looks in one loaded object (null name: the program) and what it depends on.
void* definition_in(const char* object, const char* name) noexcept {
  void* handle = dlopen(object, RTLD_LAZY | RTLD_NOLOAD);
  if (handle == nullptr) return nullptr;
  void* found = dlsym(handle, name);
  dlclose(handle);  // NOLOAD has only counted it up; the caller's code keeps it loaded
  return found;
}

const char* object_of(const void* address) noexcept {
  Dl_info info;
  link_map* map = nullptr;
  if (dladdr1(address, &info, reinterpret_cast<void**>(&map), RTLD_DL_LINKMAP) == 0 ||
      map == nullptr || map->l_name[0] == '\0')
    return nullptr;
  return map->l_name;
}

}  // namespace

void* next_definition(const char* name, const void* caller, const void* self) noexcept {
  if (const char* object = object_of(caller))
    if (void* found = definition_in(object, name); found != nullptr && found != self) return found;
  if (void* found = dlsym(RTLD_NEXT, name); found != nullptr && found != self) return found;
  if (void* found = definition_in("libz.so.1", name); found != nullptr && found != self)
    return found;
  return nullptr;
}

}  // namespace wd::shim
