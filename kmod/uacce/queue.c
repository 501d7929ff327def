// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues: open, ioctl, poll and close of a device node.
 *
 * A queue is INIT when it is opened, STARTED by UACCE_CMD_START_Q, INIT again
 * by UACCE_CMD_PUT_Q, and ZOMBIE when it is closed or its device goes.
 */
#include <linux/fs.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "probe.h"
#include "state.h"

static void set_state(struct uacce_queue *q, enum uacce_q_state state)
{
	lockdep_assert_held(&q->uacce->mutex);
	mutex_lock(&q->mutex);
	q->state = state;
	mutex_unlock(&q->mutex);
}

/* Binds the queue to its mm, where an IOMMU shares addresses. */
static int bind_queue(struct uacce_queue_state *queue)
{
	struct uacce_queue *q = &queue->q;
	struct iommu_sva *handle;

	if (!device_state(q->uacce)->bound)
		return 0;
#if SVA_BIND_TAKES_DRVDATA
	handle = iommu_sva_bind_device(q->uacce->parent, queue->mm, NULL);
#else
	handle = iommu_sva_bind_device(q->uacce->parent, queue->mm);
#endif
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	q->handle = handle;
	q->pasid = iommu_sva_get_pasid(handle);
	return 0;
}

static void unbind_queue(struct uacce_queue *q)
{
	if (q->handle)
		iommu_sva_unbind_device(q->handle);
	q->handle = NULL;
}

/*
 * The queue's last moment with its driver, for whichever reason; a second call
 * does nothing. uacce->mutex is held.
 */
void uacce_queue_end(struct uacce_queue_state *queue)
{
	struct uacce_queue *q = &queue->q;
	const struct uacce_ops *ops = q->uacce->ops;
	enum uacce_q_state state = q->state;

	if (state == UACCE_Q_ZOMBIE)
		return;

	/* No mmap, fault or poll gets to the driver after this ... */
	set_state(q, UACCE_Q_ZOMBIE);
	/* ... and no store of a client to the device after this. */
	uacce_regions_zap(queue);

	if (state == UACCE_Q_STARTED && ops->stop_queue)
		ops->stop_queue(q);
	if (ops->put_queue)
		ops->put_queue(q);
	unbind_queue(q);
	wake_up_poll(&q->wait, EPOLLHUP | EPOLLERR);
}

static void free_queue(struct uacce_queue_state *queue)
{
	struct uacce_device *uacce = queue->q.uacce;

	ida_free(&device_state(uacce)->slots, queue->slot);
	put_device(&uacce->dev);
	mmdrop(queue->mm);
	mutex_destroy(&queue->q.mutex);
	kfree(queue);
}

/* A queue that holds its device and the mm of the caller, but nothing of the driver's yet. */
static struct uacce_queue_state *new_queue(struct inode *inode, struct file *file)
{
	struct uacce_device_state *device = uacce_device_get(iminor(inode));
	struct uacce_queue_state *queue;
	struct uacce_queue *q;
	int ret = -ENOMEM;
	int type;

	if (!device)
		return ERR_PTR(-ENODEV);
	queue = kzalloc(sizeof(*queue), GFP_KERNEL);
	if (!queue)
		goto put;
	ret = ida_alloc(&device->slots, GFP_KERNEL);
	if (ret < 0)
		goto free;
	queue->slot = ret;
	queue->mm = current->mm;
	mmgrab(queue->mm);
	queue->mapping = file->f_mapping;
	for (type = 0; type < UACCE_MAX_REGION; type++)
		queue->region[type].type = type;

	q = &queue->q;
	q->uacce = &device->uacce;
	q->state = UACCE_Q_ZOMBIE;
	init_waitqueue_head(&q->wait);
	mutex_init(&q->mutex);
	INIT_LIST_HEAD(&q->list);
	return queue;

free:
	kfree(queue);
put:
	put_device(&device->uacce.dev);
	return ERR_PTR(ret);
}

static int uacce_fops_open(struct inode *inode, struct file *file)
{
	struct uacce_queue_state *queue;
	struct uacce_device *uacce;
	struct uacce_queue *q;
	int ret;

	/* A kernel thread has no memory to share. */
	if (!current->mm)
		return -EINVAL;
	queue = new_queue(inode, file);
	if (IS_ERR(queue))
		return PTR_ERR(queue);
	q = &queue->q;
	uacce = q->uacce;

	mutex_lock(&uacce->mutex);
	ret = -ENODEV;
	if (!uacce->parent)
		goto unlock;
	ret = bind_queue(queue);
	if (ret)
		goto unlock;
	if (uacce->ops->get_queue) {
		ret = uacce->ops->get_queue(uacce, q->pasid, q);
		if (ret < 0)
			goto unbind;
	}
	set_state(q, UACCE_Q_INIT);
	list_add(&q->list, &uacce->queues);
	file->private_data = q;
	mutex_unlock(&uacce->mutex);
	return 0;

unbind:
	unbind_queue(q);
unlock:
	mutex_unlock(&uacce->mutex);
	free_queue(queue);
	return ret;
}

static int uacce_fops_release(struct inode *inode, struct file *file)
{
	struct uacce_queue *q = file->private_data;
	struct uacce_device *uacce = q->uacce;

	mutex_lock(&uacce->mutex);
	uacce_queue_end(queue_state(q));
	list_del(&q->list);
	mutex_unlock(&uacce->mutex);
	free_queue(queue_state(q));
	return 0;
}

static int start_queue(struct uacce_queue *q)
{
	const struct uacce_ops *ops = q->uacce->ops;
	int ret;

	if (q->state != UACCE_Q_INIT)
		return -EINVAL;
	if (ops->start_queue) {
		ret = ops->start_queue(q);
		if (ret < 0)
			return ret;
	}
	set_state(q, UACCE_Q_STARTED);
	return 0;
}

static void stop_queue(struct uacce_queue *q)
{
	const struct uacce_ops *ops = q->uacce->ops;

	if (q->state != UACCE_Q_STARTED)
		return;
	if (ops->stop_queue)
		ops->stop_queue(q);
	set_state(q, UACCE_Q_INIT);
}

static long uacce_fops_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct uacce_queue *q = file->private_data;
	struct uacce_device *uacce = q->uacce;
	long ret = 0;

	/*
	 * A queue works in the memory of who opened it. Nobody else may set it
	 * to work there, however they came to the descriptor.
	 */
	if (current->mm != queue_state(q)->mm)
		return -EPERM;
	if (mutex_lock_killable(&uacce->mutex))
		return -EINTR;
	if (q->state == UACCE_Q_ZOMBIE) {
		ret = -ENXIO;
		goto unlock;
	}

	switch (cmd) {
	case UACCE_CMD_START_Q:
		ret = start_queue(q);
		break;
	case UACCE_CMD_PUT_Q:
		stop_queue(q);
		break;
	default:
		ret = -EINVAL;
		if (uacce->ops->ioctl)
			ret = uacce->ops->ioctl(q, cmd, arg);
		break;
	}
unlock:
	mutex_unlock(&uacce->mutex);
	return ret;
}

static __poll_t uacce_fops_poll(struct file *file, poll_table *wait)
{
	struct uacce_queue *q = file->private_data;
	const struct uacce_ops *ops;
	__poll_t events = 0;

	poll_wait(file, &q->wait, wait);
	mutex_lock(&q->mutex);
	if (q->state == UACCE_Q_ZOMBIE) {
		events = EPOLLHUP | EPOLLERR;
	} else {
		ops = q->uacce->ops;
		if (ops->is_q_updated && ops->is_q_updated(q))
			events = EPOLLIN | EPOLLRDNORM;
	}
	mutex_unlock(&q->mutex);
	return events;
}

const struct file_operations uacce_fops = {
	.owner = THIS_MODULE,
	.open = uacce_fops_open,
	.release = uacce_fops_release,
	.unlocked_ioctl = uacce_fops_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = uacce_fops_mmap,
	.poll = uacce_fops_poll,
};

struct mm_struct *uacce_soft_mm(struct uacce_queue *q)
{
	return queue_state(q)->mm;
}
EXPORT_SYMBOL_GPL(uacce_soft_mm);
