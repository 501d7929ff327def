/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared virtual addressing in software: for a device whose engine is a
 * thread or a process that reaches the memory of its clients by their page
 * tables (kthread_use_mm()), where hardware would do so by an IOMMU.
 *
 * The kernel's own uacce knows nothing of it. A driver that shall build on both
 * asks for UACCE_SOFT_SVA, which uacce.mk defines where uacce.ko is ours.
 */
#ifndef UACCE_SOFT_H
#define UACCE_SOFT_H

#include <linux/bits.h>
#include <linux/mm_types.h>
#include <linux/uacce.h>

/*
 * In uacce_interface.flags: the device shares virtual addresses by itself, no
 * IOMMU is asked. In uacce_device.flags and in sysfs it is UACCE_DEV_SVA, as
 * what clients see is the same. uacce_interface.ops must point to the member
 * ops of a struct uacce_soft_ops.
 */
#define UACCE_DEV_SVA_SOFT BIT(31)

/**
 * struct uacce_soft_ops - what a device with software SVA can do
 * @ops: as any device's
 * @fault: a client touches a page of a region that @ops.mmap left empty, or
 *	that uacce_soft_zap() has emptied. Called with mmap_lock and q->mutex
 *	held, and only between get_queue and put_queue. It puts the page in
 *	by itself (vmf_insert_pfn() and its like) and returns VM_FAULT_NOPAGE:
 *	were it left to the caller, the page would be there some time after the
 *	driver's locks are gone, and a store could pass unseen by a driver that
 *	empties the region to notice the next one. vmf->pgoff does not count
 *	from the region's start; use uacce_soft_page(). May be NULL: such a touch
 *	is SIGBUS then.
 */
struct uacce_soft_ops {
	struct uacce_ops ops;
	vm_fault_t (*fault)(struct uacce_queue *q, struct vm_fault *vmf, enum uacce_qfrt type);
};

/**
 * uacce_soft_page() - which page of its region a fault is in
 * @vmf: the fault
 *
 * Regions are mapped whole and are never split.
 */
static inline unsigned long uacce_soft_page(const struct vm_fault *vmf)
{
	return (vmf->address - vmf->vma->vm_start) >> PAGE_SHIFT;
}

/**
 * uacce_soft_mm() - the memory that a queue works in
 * @q: a queue of a device with software SVA, from get_queue to put_queue
 *
 * It is that of the process which opened the queue, and the only one that can
 * use it. Only its mm_count is held: to reach the pages, take mmget_not_zero()
 * for a batch of work, and give it back by mmput_async(). Holding mm_users for
 * longer would keep a process's memory, and with it this queue, forever.
 */
struct mm_struct *uacce_soft_mm(struct uacce_queue *q);

/**
 * uacce_soft_zap() - empty a region of one queue
 * @q: a queue of a device with software SVA, from get_queue to put_queue
 * @type: the region
 *
 * The next touch of each page is a fault. May sleep; takes neither q->mutex nor
 * mmap_lock, so @q's driver can call it with a lock that @fault takes, too.
 */
void uacce_soft_zap(struct uacce_queue *q, enum uacce_qfrt type);

#endif
