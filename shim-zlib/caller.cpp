#include "caller.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace wd::shim {

namespace {

struct Names {
  std::string_view imported;  // what an ordinary caller has in its relocations
  const char* wrapper;        // the function of zlib's that calls it with defaults
};

constexpr Names kNames[] = {{"deflateInit2_", "deflateInit_"}, {"inflateInit2_", "inflateInit_"}};

// The dynamic section's tables that are needed here, as addresses.
struct DynamicTables {
  const ElfW(Sym) * symbols = nullptr;
  const char* strings = nullptr;
  const ElfW(Rela) * relocations[2] = {};
  std::size_t relocation_bytes[2] = {};

  explicit DynamicTables(const link_map& map) noexcept {
    for (const ElfW(Dyn)* entry = map.l_ld; entry->d_tag != DT_NULL; ++entry) {
      const auto address = entry->d_un.d_ptr;
      switch (entry->d_tag) {
        case DT_SYMTAB:
          symbols = reinterpret_cast<const ElfW(Sym)*>(address);
          break;
        case DT_STRTAB:
          strings = reinterpret_cast<const char*>(address);
          break;
        case DT_JMPREL:
          relocations[0] = reinterpret_cast<const ElfW(Rela)*>(address);
          break;
        case DT_PLTRELSZ:
          relocation_bytes[0] = entry->d_un.d_val;
          break;
        case DT_RELA:
          relocations[1] = reinterpret_cast<const ElfW(Rela)*>(address);
          break;
        case DT_RELASZ:
          relocation_bytes[1] = entry->d_un.d_val;
          break;
        default:
          break;
      }
    }
  }

  [[nodiscard]] bool name_symbol(std::string_view name) const noexcept {
    for (int table = 0; table < 2; ++table) {
      const std::size_t count = relocation_bytes[table] / sizeof(ElfW(Rela));
      for (std::size_t i = 0; i < count; ++i) {
        const auto symbol = ELF64_R_SYM(relocations[table][i].r_info);
        if (symbol != 0 && name == strings + symbols[symbol].st_name) return true;
      }
    }
    return false;
  }
};

// Where an object's own wrapper lies, if it has one.
struct CodeRange {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
};

CodeRange wrapper_of(const link_map& map, const char* wrapper) noexcept {
  CodeRange range;
  void* handle = dlopen(map.l_name, RTLD_LAZY | RTLD_NOLOAD);
  if (handle == nullptr) return range;
  void* address = dlsym(handle, wrapper);
  dlclose(handle);
  Dl_info info;
  const ElfW(Sym)* symbol = nullptr;
  if (address == nullptr ||
      dladdr1(address, &info, reinterpret_cast<void**>(const_cast<ElfW(Sym)**>(&symbol)),
              RTLD_DL_SYMENT) == 0 ||
      symbol == nullptr || std::strcmp(info.dli_fname, map.l_name) != 0)
    return range;
  range.begin = reinterpret_cast<std::uintptr_t>(address);
  range.end = range.begin + symbol->st_size;
  return range;
}

// What is known of one object. Written once by whoever claims the entry, then published. Objects
// are unloaded, and others take their places: an entry holds for one that lies where it lay.
struct Known {
  std::atomic<const void*> object{nullptr};
  std::atomic<bool> ready{false};
  bool imports = false;
  const void* begin = nullptr;
  const void* end = nullptr;
  const void* dynamic_section = nullptr;
  CodeRange wrapper;
};

bool judge(bool imports, const CodeRange& wrapper, const void* caller) noexcept {
  const auto at = reinterpret_cast<std::uintptr_t>(caller);
  return !imports || (at >= wrapper.begin && at < wrapper.end);
}

// Whether a look-up of `name`, as libz's PLT makes it, leads to this library.
bool we_interpose(std::string_view name) noexcept {
  dl_find_object ours;
  dl_find_object found;
  // Not RTLD_DEFAULT, which looks here, too.
  void* everybody = dlopen(nullptr, RTLD_LAZY | RTLD_NOLOAD);
  if (everybody == nullptr) return false;
  void* definition = dlsym(everybody, name.data());
  dlclose(everybody);
  return definition != nullptr && _dl_find_object(definition, &found) == 0 &&
         _dl_find_object(reinterpret_cast<void*>(&we_interpose), &ours) == 0 &&
         found.dlfo_link_map == ours.dlfo_link_map;
}

bool looks_like_another_zlib(const void* caller, InitFunction function) noexcept {
  // Objects beyond these are looked at each time; few processes have so many that use zlib.
  constexpr std::size_t kRemembered = 16;
  static constinit Known known[2][kRemembered];
  const auto row = static_cast<std::size_t>(function);
  const Names& names = kNames[row];

  dl_find_object found;
  if (_dl_find_object(const_cast<void*>(caller), &found) != 0) return true;  // generated code
  const link_map& map = *found.dlfo_link_map;
  Known* free_entry = nullptr;
  for (Known& entry : known[row]) {
    const void* object = entry.object.load(std::memory_order_relaxed);
    if (object == nullptr) {
      free_entry = &entry;
      break;
    }
    // acquire: pairs with the release below.
    if (object == &map && entry.ready.load(std::memory_order_acquire) &&
        entry.begin == found.dlfo_map_start && entry.end == found.dlfo_map_end &&
        entry.dynamic_section == map.l_ld)
      return judge(entry.imports, entry.wrapper, caller);
  }
  const bool imports = DynamicTables(map).name_symbol(names.imported);
  const CodeRange wrapper = map.l_name[0] == '\0' ? CodeRange{} : wrapper_of(map, names.wrapper);
  const void* expected = nullptr;
  if (free_entry != nullptr &&
      free_entry->object.compare_exchange_strong(expected, &map, std::memory_order_relaxed)) {
    free_entry->imports = imports;
    free_entry->begin = found.dlfo_map_start;
    free_entry->end = found.dlfo_map_end;
    free_entry->dynamic_section = map.l_ld;
    free_entry->wrapper = wrapper;
    free_entry->ready.store(true, std::memory_order_release);
  }
  return judge(imports, wrapper, caller);
}

}  // namespace

bool calls_for_another_zlib(const void* caller, InitFunction function) noexcept {
  return looks_like_another_zlib(caller, function) &&
         we_interpose(kNames[static_cast<std::size_t>(function)].imported);
}

}  // namespace wd::shim
