// The ZIP engine: compresses on queues of type 0 and decompresses on queues of type 1.
#ifndef WD_EMULATOR_ZIP_ENGINE_HPP_
#define WD_EMULATOR_ZIP_ENGINE_HPP_

#include <memory>

#include "model/engine.hpp"
#include "options.hpp"

namespace wd::emulator::zip {

std::unique_ptr<Engine> make_engine(Api api);

}  // namespace wd::emulator::zip

#endif  // WD_EMULATOR_ZIP_ENGINE_HPP_
