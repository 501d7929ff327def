/* For kmod/wd_dummy/store.c outside the kernel: nothing, all is in asm/ptrace.h. */
