// SPDX-License-Identifier: GPL-2.0-only
/*
 * Doorbells. Both rings have theirs in the same 64-bit register: were it a page
 * of memory, a word for one ring would be lost when a word for the other
 * follows before somebody has looked. So there is no page. Each store faults,
 * and is made here: the client makes no system call, no word is lost, and
 * nobody has to look for them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitfield.h>
#include <linux/mm.h>
#include <linux/sched/task_stack.h>

#include "wd_dummy.h"

/* What a doorbell's word says. */
#define QUEUE_MASK   GENMASK_ULL(9, 0)
#define COMMAND_MASK GENMASK_ULL(15, 12)
#define INDEX_MASK   GENMASK_ULL(47, 32)
#define ARMS_MASK    BIT_ULL(48)

enum command { SUBMISSION = 0, COMPLETION = 1 };

static void ring(struct wd_queue *queue, u64 word)
{
	struct wd_device *device = queue->device;
	u16 index = FIELD_GET(INDEX_MASK, word);

	spin_lock(&device->lock);
	/* Nobody rings another's queue, whatever number he says. */
	if (!queue->started || index >= device->spec.depth ||
	    FIELD_GET(QUEUE_MASK, word) != queue->number)
		goto unlock;
	if (FIELD_GET(COMMAND_MASK, word) == SUBMISSION) {
		queue->tail = index;
		wd_queue_tell(queue, WD_DUMMY_TAIL);
	} else if (FIELD_GET(COMMAND_MASK, word) == COMPLETION) {
		queue->head = index;
		queue->what &= ~WD_DUMMY_ARMED;
		wd_queue_tell(queue, WD_DUMMY_HEAD | (word & ARMS_MASK ? WD_DUMMY_ARMED : 0));
	}
unlock:
	spin_unlock(&device->lock);
}

static unsigned long place_in_region(const struct vm_fault *vmf)
{
	return (vmf->address & PAGE_MASK) - vmf->vma->vm_start + offset_in_page(vmf->real_address);
}

/*
 * Only for a store that the process makes itself: what reaches for its memory
 * in its name (ptrace, a system call with such an address) is no doorbell.
 */
vm_fault_t wd_doorbell_fault(struct wd_queue *queue, struct vm_fault *vmf)
{
	const unsigned int own_store = FAULT_FLAG_USER | FAULT_FLAG_WRITE;
	u64 word;

	if ((vmf->flags & own_store) != own_store || (vmf->flags & FAULT_FLAG_REMOTE) ||
	    current->mm != queue->mm)
		return VM_FAULT_SIGBUS;
	if (!wd_store_take(task_pt_regs(current), &word)) {
		pr_warn_ratelimited("%s[%d] rings by an unknown instruction\n", current->comm,
				    current->pid);
		return VM_FAULT_SIGBUS;
	}
	if (place_in_region(vmf) == WD_DUMMY_DOORBELL_AT && ~word)
		ring(queue, word);
	return VM_FAULT_NOPAGE;
}
