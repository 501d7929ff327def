// SPDX-License-Identifier: GPL-2.0-only
/*
 * What clients have mapped. uacce's own handling stays as it is; ours is put
 * around it, for the kernel's uacce has no place for a driver's page faults.
 *
 * A mapping outlives its queue and its device: it holds the queue's memory and
 * this module. When the device has gone, memory that was mapped is there still,
 * and says that the queue has stopped; doorbells go nowhere. So a client whose
 * engine dies finds out, and is not killed for it.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/refcount.h>
#include <linux/slab.h>

#include "wd_dummy.h"

/**
 * struct wd_mapping - a region that a client has mapped
 * @vmas: how many; a move makes a second one before it is refused
 * @ops: what the kernel calls
 * @uacce_ops: what it would call if it were not for us
 * @queue: whose region it is
 * @type: which region
 */
struct wd_mapping {
	refcount_t vmas;
	const struct vm_operations_struct ops;
	const struct vm_operations_struct *uacce_ops;
	struct wd_queue *queue;
	enum uacce_qfrt type;
};

static struct wd_mapping *mapping_of(const struct vm_area_struct *vma)
{
	return container_of(vma->vm_ops, struct wd_mapping, ops);
}

static vm_fault_t mapping_fault(struct vm_fault *vmf)
{
	struct wd_mapping *mapping = mapping_of(vmf->vma);
	struct wd_queue *queue = mapping->queue;
	unsigned long page;

	if (mapping->type == UACCE_QFRT_MMIO)
		return wd_doorbell_fault(queue, vmf);
	page = ((vmf->address & PAGE_MASK) - vmf->vma->vm_start) >> PAGE_SHIFT;
	if (page >= queue->device->shared_bytes >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;
	vmf->page = queue->pages[page];
	get_page(vmf->page);
	return 0;
}

static void mapping_open(struct vm_area_struct *vma)
{
	struct wd_mapping *mapping = mapping_of(vma);

	refcount_inc(&mapping->vmas);
	if (mapping->uacce_ops->open)
		mapping->uacce_ops->open(vma);
}

static void mapping_close(struct vm_area_struct *vma)
{
	struct wd_mapping *mapping = mapping_of(vma);
	bool last = refcount_dec_and_test(&mapping->vmas);

	/* A uacce that does not count them believes in one. */
	if ((last || mapping->uacce_ops->open) && mapping->uacce_ops->close)
		mapping->uacce_ops->close(vma);
	if (!last)
		return;
	wd_queue_put(mapping->queue);
	kfree(mapping);
	/* What runs of this module behind it, wd_exit() waits for. */
	module_put(THIS_MODULE);
}

/* Regions are mapped whole: uacce counts one mapping for each. */
static int mapping_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	return -EINVAL;
}

static int mapping_mremap(struct vm_area_struct *vma)
{
	return -EPERM;
}

static const struct vm_operations_struct mapping_ops = {
	.open = mapping_open,
	.close = mapping_close,
	.may_split = mapping_may_split,
	.mremap = mapping_mremap,
	.fault = mapping_fault,
};

/* Called by uacce when it has set vma->vm_ops to its own. */
int wd_mapping_create(struct wd_queue *queue, struct vm_area_struct *vma, enum uacce_qfrt type)
{
	struct wd_device *device = queue->device;
	unsigned long bytes = vma->vm_end - vma->vm_start;
	const struct wd_mapping initial = {
		.vmas = REFCOUNT_INIT(1),
		.ops = mapping_ops,
		.uacce_ops = vma->vm_ops,
		.queue = queue,
		.type = type,
	};
	struct wd_mapping *mapping;

	if (bytes != (type == UACCE_QFRT_MMIO ? device->spec.register_bytes : device->shared_bytes))
		return -EINVAL;
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	mapping = kmemdup(&initial, sizeof(initial), GFP_KERNEL_ACCOUNT);
	if (!mapping)
		return -ENOMEM;
	kref_get(&queue->ref);
	__module_get(THIS_MODULE);
	vma->vm_ops = &mapping->ops;
	return 0;
}
