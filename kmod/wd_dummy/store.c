// SPDX-License-Identifier: GPL-2.0-only
/*
 * A store of 64 bits that a process was about to make when it faulted: what it
 * stores, and the process behind it. Plain stores of a general register or a
 * constant, which is what compilers make of a store to a register of a device.
 */
#include <linux/ptrace.h>
#include <linux/uaccess.h>

#include "wd_dummy.h"

#if defined(CONFIG_X86_64)

#include <asm/ptrace.h>

#define MOST_BYTES   15
#define REX_W	     0x08
#define REX_R	     0x04
#define MOV_REGISTER 0x89
#define MOV_CONSTANT 0xc7

static u64 register_value(const struct pt_regs *regs, unsigned int number)
{
	const unsigned long values[] = {
		regs->ax,  regs->cx,  regs->dx,	 regs->bx,  regs->sp,  regs->bp,
		regs->si,  regs->di,  regs->r8,	 regs->r9,  regs->r10, regs->r11,
		regs->r12, regs->r13, regs->r14, regs->r15,
	};

	return values[number & 15];
}

/* How many bytes the ModRM byte takes with all that belongs to it; 0: no memory. */
static unsigned int operand_bytes(const u8 *modrm)
{
	unsigned int mod = modrm[0] >> 6;
	unsigned int rm = modrm[0] & 7;
	unsigned int bytes = 1;
	unsigned int base = rm;

	if (mod == 3)
		return 0;
	if (rm == 4) {
		base = modrm[1] & 7;
		bytes++;
	}
	if (mod == 1)
		bytes += 1;
	else if (mod == 2 || base == 5)
		bytes += 4;
	return bytes;
}

static bool take(struct pt_regs *regs, const u8 *code, u64 *value)
{
	u8 rex = code[0];
	const u8 *modrm = code + 2;
	unsigned int operand = operand_bytes(modrm);
	unsigned int reg = (modrm[0] >> 3) & 7;
	s32 constant;

	if ((rex & 0xf0) != 0x40 || !(rex & REX_W) || !operand)
		return false;
	if (code[1] == MOV_REGISTER) {
		*value = register_value(regs, reg | (rex & REX_R ? 8 : 0));
		regs->ip += 2 + operand;
		return true;
	}
	if (code[1] != MOV_CONSTANT || reg != 0)
		return false;
	memcpy(&constant, modrm + operand, sizeof(constant));
	*value = (s64)constant;
	regs->ip += 2 + operand + sizeof(constant);
	return true;
}

/* Code may end with its page: as many bytes as there are. */
static bool read_code(const struct pt_regs *regs, u8 *code)
{
	unsigned long in_page = PAGE_SIZE - offset_in_page(regs->ip);
	const void __user *at = (const void __user *)regs->ip;

	memset(code, 0, MOST_BYTES);
	return !copy_from_user_nofault(code, at, MOST_BYTES) ||
	       !copy_from_user_nofault(code, at, min_t(unsigned long, in_page, MOST_BYTES));
}

#elif defined(CONFIG_ARM64)

#include <asm/ptrace.h>

#define MOST_BYTES 4

static u64 register_value(const struct pt_regs *regs, unsigned int number)
{
	return number == 31 ? 0 : regs->regs[number];
}

/* STR and STUR, immediate and register offset, and STLR; no write-back. */
static bool is_store(u32 code)
{
	return (code & 0xffc00000) == 0xf9000000 || (code & 0xffe00c00) == 0xf8000000 ||
	       (code & 0xffe00c00) == 0xf8200800 || (code & 0xfffffc00) == 0xc89ffc00;
}

static bool take(struct pt_regs *regs, const u8 *bytes, u64 *value)
{
	__le32 word;
	u32 code;

	memcpy(&word, bytes, sizeof(word));
	code = le32_to_cpu(word);
	if (!is_store(code))
		return false;
	*value = register_value(regs, code & 31);
	regs->pc += 4;
	regs->pstate &= ~PSR_BTYPE_MASK;
	return true;
}

static bool read_code(const struct pt_regs *regs, u8 *code)
{
	return !copy_from_user_nofault(code, (const void __user *)regs->pc, MOST_BYTES);
}

#else
#error "wd_dummy reads stores of x86-64 and arm64 only"
#endif

/**
 * wd_store_take() - makes a store in place of the process that faulted on it
 * @regs: of the process, where it faulted
 * @value: what it stores; all bits set where the code cannot be read just now,
 *	and the process has to try again
 *
 * Return: false if it was no store that is understood.
 */
bool wd_store_take(struct pt_regs *regs, u64 *value)
{
	u8 code[MOST_BYTES];

	if (!read_code(regs, code)) {
		*value = ~0ULL;
		return true;
	}
	return take(regs, code, value);
}
