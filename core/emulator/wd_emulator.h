/* What emulator.so exports besides wd_emulator_open (core/src/device/system_calls.hpp): a way for
 * tests to steer devices while they run. Threads: from any. */
#ifndef WD_EMULATOR_H_
#define WD_EMULATOR_H_

#ifdef __cplusplus
extern "C" {
#endif

/* `world` is SystemCalls::world, `device` a name as in sysfs (hisi_zip-0). What `command` may be,
 * and what is answered, stands in core/emulator/README.md; otherwise a negative errno value: EINVAL
 * for a command that does not exist, ENODEV for a device. */
long wd_emulator_control(void* world, const char* device, const char* command);

#ifdef __cplusplus
}
#endif

#endif /* WD_EMULATOR_H_ */
