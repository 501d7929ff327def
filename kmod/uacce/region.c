// SPDX-License-Identifier: GPL-2.0-only
/*
 * Regions: mmap of a queue, and what happens to the mapping later.
 *
 * A region is mapped whole, once at a time, by the process that opened the
 * queue. The mapping is neither split, moved, grown nor inherited; unmapped,
 * it can be made again.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/mm.h>

#include "probe.h"
#include "state.h"

static void set_vm_flags(struct vm_area_struct *vma, vm_flags_t flags)
{
#if VMA_FLAGS_ARE_SET_BY_A_FUNCTION
	vm_flags_set(vma, flags);
#else
	vma->vm_flags |= flags;
#endif
}

static enum uacce_qfrt region_type(const struct vm_area_struct *vma)
{
	return (vma->vm_pgoff >> UACCE_REGION_PAGES_BITS) % UACCE_MAX_REGION;
}

/*
 * A move makes a second mapping before it is refused, and takes it away again;
 * so mappings are counted.
 */
static void region_open(struct vm_area_struct *vma)
{
	struct uacce_queue *q = vma->vm_private_data;

	mutex_lock(&q->mutex);
	queue_state(q)->vmas[region_type(vma)]++;
	mutex_unlock(&q->mutex);
}

static void region_close(struct vm_area_struct *vma)
{
	struct uacce_queue *q = vma->vm_private_data;
	enum uacce_qfrt type = region_type(vma);

	mutex_lock(&q->mutex);
	if (!--queue_state(q)->vmas[type])
		q->qfrs[type] = NULL;
	mutex_unlock(&q->mutex);
}

/* munmap(), mprotect() and their like on a part of a region. */
static int region_may_split(struct vm_area_struct *vma, unsigned long address)
{
	return -EINVAL;
}

static int region_mremap(struct vm_area_struct *vma)
{
	return -EPERM;
}

static vm_fault_t region_fault(struct vm_fault *vmf)
{
	struct uacce_queue *q = vmf->vma->vm_private_data;
	const struct uacce_soft_ops *soft = device_state(q->uacce)->soft;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	mutex_lock(&q->mutex);
	if (q->state != UACCE_Q_ZOMBIE && soft && soft->fault)
		ret = soft->fault(q, vmf, region_type(vmf->vma));
	mutex_unlock(&q->mutex);
	return ret;
}

/* In this module, which stays while a node is open: a driver's could go before the mapping. */
static const struct vm_operations_struct region_vm_ops = {
	.open = region_open,
	.close = region_close,
	.may_split = region_may_split,
	.mremap = region_mremap,
	.fault = region_fault,
};

static int map_region(struct uacce_queue_state *queue, enum uacce_qfrt type,
		      struct vm_area_struct *vma)
{
	struct uacce_queue *q = &queue->q;
	int ret;

	lockdep_assert_held(&q->mutex);
	if (q->state == UACCE_Q_ZOMBIE)
		return -ENXIO;
	if (!q->uacce->ops->mmap || vma_pages(vma) > q->uacce->qf_pg_num[type])
		return -EINVAL;
	if (q->qfrs[type])
		return -EEXIST;

	/*
	 * Not inherited, not grown, and by VM_IO neither madvise(MADV_DOFORK)
	 * nor a core dump gets at it.
	 */
	set_vm_flags(vma, VM_DONTCOPY | VM_DONTEXPAND | VM_WIPEONFORK | VM_IO | VM_DONTDUMP);
	vma->vm_ops = &region_vm_ops;
	vma->vm_private_data = q;
	ret = q->uacce->ops->mmap(q, vma, &queue->region[type]);
	if (ret)
		return ret;
	vma->vm_pgoff = region_pgoff(queue, type);
	q->qfrs[type] = &queue->region[type];
	queue->vmas[type] = 1;
	return 0;
}

int uacce_fops_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct uacce_queue *q = file->private_data;
	int ret;

	if (vma->vm_mm != queue_state(q)->mm)
		return -EPERM;
	/* In a private mapping a client would write to pages that no device sees. */
	if (vma->vm_pgoff >= UACCE_MAX_REGION || !(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;

	mutex_lock(&q->mutex);
	ret = map_region(queue_state(q), vma->vm_pgoff, vma);
	mutex_unlock(&q->mutex);
	return ret;
}

static void zap(struct uacce_queue_state *queue, enum uacce_qfrt type)
{
	unmap_mapping_range(queue->mapping, (loff_t)region_pgoff(queue, type) << PAGE_SHIFT,
			    (loff_t)UACCE_REGION_PAGES_MAX << PAGE_SHIFT, 1);
}

static void zap_all(struct uacce_queue_state *queue)
{
	int type;

	for (type = 0; type < UACCE_MAX_REGION; type++)
		zap(queue, type);
}

static bool is_mapped(struct uacce_queue_state *queue)
{
	bool mapped;

	mutex_lock(&queue->q.mutex);
	mapped = queue->vmas[UACCE_QFRT_MMIO] || queue->vmas[UACCE_QFRT_DUS];
	mutex_unlock(&queue->q.mutex);
	return mapped;
}

/*
 * Takes the pages of all regions of a queue that is dead: what is touched
 * later, is SIGBUS. uacce->mutex is held, mmap_lock and q->mutex are not.
 */
void uacce_regions_zap(struct uacce_queue_state *queue)
{
	if (!is_mapped(queue))
		return;
	/*
	 * A mapping can be found by its file some time after mmap of the file
	 * has filled it; and one that munmap has emptied can be in use until
	 * its processors are told. Only the owner does either, with its
	 * mmap_lock held, so both are over when that is to be had for writing.
	 * Where nobody is left to use that memory, no processor is.
	 */
	if (mmget_not_zero(queue->mm)) {
		mmap_write_lock(queue->mm);
		zap_all(queue);
		mmap_write_unlock(queue->mm);
		mmput_async(queue->mm);
	} else {
		zap_all(queue);
	}
}

void uacce_soft_zap(struct uacce_queue *q, enum uacce_qfrt type)
{
	zap(queue_state(q), type);
}
EXPORT_SYMBOL_GPL(uacce_soft_zap);
