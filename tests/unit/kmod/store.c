/* The module's own source, for this process. */
#include <asm/ptrace.h>

#include "../../../kmod/wd_dummy/store.c"
