#include "foreign.hpp"

#include <dlfcn.h>
#include <link.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace wd::shim {

namespace {

// Looks in one loaded object and what it depends on.
void* definition_in(const char* object, const char* name) noexcept {
  void* handle = dlopen(object, RTLD_LAZY | RTLD_NOLOAD);
  if (handle == nullptr) return nullptr;
  void* found = dlsym(handle, name);
  dlclose(handle);  // NOLOAD has only counted it up; the caller's code keeps it loaded
  return found;
}

// Null for the program itself, which has no name to open it by.
const link_map* object_of(const void* address) noexcept {
  dl_find_object found;
  if (address == nullptr || _dl_find_object(const_cast<void*>(address), &found) != 0)
    return nullptr;
  return found.dlfo_link_map->l_name[0] == '\0' ? nullptr : found.dlfo_link_map;
}

// The names of all loaded objects, one behind the other. (Under the loader's lock nothing may be
// looked up, so they are copied.)
struct ObjectNames {
  char text[32768];
  std::size_t used;

  static int add(dl_phdr_info* info, std::size_t, void* names_pointer) {
    auto* names = static_cast<ObjectNames*>(names_pointer);
    const std::size_t bytes = std::strlen(info->dlpi_name) + 1;
    if (bytes > 1 && bytes <= sizeof(names->text) - names->used) {
      std::memcpy(names->text + names->used, info->dlpi_name, bytes);
      names->used += bytes;
    }
    return 0;
  }
};

// A zlib under another name, opened for somebody alone.
void* definition_anywhere(const char* name, const void* self) noexcept {
  auto* names = static_cast<ObjectNames*>(std::malloc(sizeof(ObjectNames)));
  if (names == nullptr) return nullptr;
  names->used = 0;
  dl_iterate_phdr(ObjectNames::add, names);
  void* found = nullptr;
  for (std::size_t at = 0; at < names->used && found == nullptr;
       at += std::strlen(names->text + at) + 1) {
    found = definition_in(names->text + at, name);
    if (found == self) found = nullptr;
  }
  std::free(names);
  return found;
}

}  // namespace

void* next_definition(const char* name, const void* hint, const void* caller,
                      const void* self) noexcept {
  // The hint may be anybody's allocator: only a library that has the function itself is the owner.
  if (const link_map* object = object_of(hint))
    if (void* found = definition_in(object->l_name, name);
        found != nullptr && found != self && object_of(found) == object)
      return found;
  if (const link_map* object = object_of(caller))
    if (void* found = definition_in(object->l_name, name); found != nullptr && found != self)
      return found;
  if (void* found = dlsym(RTLD_NEXT, name); found != nullptr && found != self) return found;
  if (void* found = definition_in("libz.so.1", name); found != nullptr && found != self)
    return found;
  return definition_anywhere(name, self);
}

}  // namespace wd::shim
