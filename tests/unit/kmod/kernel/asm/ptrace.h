/*
 * What kmod/wd_dummy/store.c takes from the kernel, for a process: registers as the kernel names
 * them, and code that can be read.
 */
#ifndef WD_TESTS_UNIT_KMOD_KERNEL_ASM_PTRACE_H_
#define WD_TESTS_UNIT_KMOD_KERNEL_ASM_PTRACE_H_

/* store.c's own header would want all of the kernel's. */
#define WD_DUMMY_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

#define __user
#define PAGE_SIZE ((unsigned long)sysconf(_SC_PAGESIZE))
#define offset_in_page(address) ((unsigned long)(address) & (PAGE_SIZE - 1))
#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))

#if defined(__x86_64__)
#define CONFIG_X86_64
struct pt_regs {
  unsigned long ax, cx, dx, bx, sp, bp, si, di, r8, r9, r10, r11, r12, r13, r14, r15, ip;
};
#elif defined(__aarch64__)
#define CONFIG_ARM64
typedef u32 __le32;
#define le32_to_cpu(word) (word)
#define PSR_BTYPE_MASK 0x00000c00
struct pt_regs {
  u64 regs[31];
  u64 sp;
  u64 pc;
  u64 pstate;
};
#endif

/* The test's. 0, or how many bytes could not be read. */
long copy_from_user_nofault(void* to, const void* from, unsigned long bytes);
bool wd_store_take(struct pt_regs* regs, u64* value);

#endif
