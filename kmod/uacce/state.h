/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What uacce.ko knows of a device and of a queue beyond linux/uacce.h. That
 * header is the kernel's own and is not changed; the structs that it declares
 * are the first part of those here, which is what uacce_alloc() and open()
 * allocate.
 *
 * Locks, outermost first:
 *
 *   uacce->mutex   the life of a device and its queues: open, ioctl, release,
 *                  remove. get_queue, put_queue, start_queue, stop_queue and
 *                  ioctl of a driver are called with it, and may wait for
 *                  work on a client's memory to end.
 *   mmap_lock      of the queue's mm
 *   q->mutex       what mmap, faults and poll see of a queue: its state and
 *                  its regions. Held for short, and over a driver's mmap,
 *                  fault and is_q_updated only: an engine that copies to or
 *                  from a client's memory can run into a fault that takes
 *                  it. So it must not be held where an engine is waited for.
 *
 * q->state is written with both mutexes held.
 */
#ifndef UACCE_STATE_H
#define UACCE_STATE_H

#include <linux/cdev.h>
#include <linux/idr.h>
#include <linux/mm.h>
#include <linux/uacce.h>

#include "uacce_soft.h"

/**
 * struct uacce_device_state - a device
 * @uacce: what uacce_alloc() hands out. @uacce.parent is NULL once removed
 * @cdev: what @uacce.cdev points to while there are device nodes
 * @slots: numbers of the open queues
 * @soft: what it can do more, where it has software SVA
 * @bound: queues are bound to the memory of their openers by an IOMMU
 */
struct uacce_device_state {
	struct uacce_device uacce;
	struct cdev cdev;
	struct ida slots;
	const struct uacce_soft_ops *soft;
	bool bound;
};

/**
 * struct uacce_queue_state - an open queue
 * @q: what a driver sees
 * @mm: memory of the process that opened it; held by mm_count
 * @mapping: of the device node by which it was opened. Nodes can be many
 * @slot: number among the queues of the device
 * @region: the regions; @q.qfrs points to those that are mapped
 * @vmas: how many mappings each region has. More than one only for moments
 */
struct uacce_queue_state {
	struct uacce_queue q;
	struct mm_struct *mm;
	struct address_space *mapping;
	unsigned int slot;
	struct uacce_qfile_region region[UACCE_MAX_REGION];
	unsigned int vmas[UACCE_MAX_REGION];
};

static inline struct uacce_device_state *device_state(struct uacce_device *uacce)
{
	return container_of(uacce, struct uacce_device_state, uacce);
}

static inline struct uacce_queue_state *queue_state(struct uacce_queue *q)
{
	return container_of(q, struct uacce_queue_state, q);
}

/*
 * Where a mapping lies in the file, as the kernel sees it after mmap() is done
 * (mmap()'s own offset is the number of the region). Every region of every
 * queue has a place of its own, so that one can be emptied without the others.
 */
#define UACCE_REGION_PAGES_BITS 24
#define UACCE_REGION_PAGES_MAX	BIT(UACCE_REGION_PAGES_BITS)

static inline pgoff_t region_pgoff(const struct uacce_queue_state *queue, enum uacce_qfrt type)
{
	return ((pgoff_t)queue->slot * UACCE_MAX_REGION + type) << UACCE_REGION_PAGES_BITS;
}

/* module.c */
extern struct class *uacce_class;
extern dev_t uacce_first_devt;

/* device.c */
struct uacce_device_state *uacce_device_get(unsigned int minor);

/* queue.c */
extern const struct file_operations uacce_fops;
void uacce_queue_end(struct uacce_queue_state *queue);

/* region.c */
int uacce_fops_mmap(struct file *file, struct vm_area_struct *vma);
void uacce_regions_zap(struct uacce_queue_state *queue);

/* sysfs.c */
extern const struct attribute_group *uacce_device_groups[];

#endif
