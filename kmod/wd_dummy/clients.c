// SPDX-License-Identifier: GPL-2.0-only
/*
 * A queue as its client sees it, through uacce: what the drivers of this
 * hardware answer, with the engine behind it.
 */
#include <linux/compat.h>
#include <linux/mm.h>
#include <linux/uaccess.h>
#include <uapi/misc/uacce/hisi_qm.h>

#include "wd_dummy.h"
#ifdef UACCE_SOFT_SVA
#include "uacce_soft.h"
#endif

#define MOST_TYPE 1

static struct wd_queue *queue_of(struct uacce_queue *client)
{
	return client->priv;
}

static bool is_owner(const struct wd_queue *queue)
{
	return current->mm == queue->mm;
}

static int client_get_available_instances(struct uacce_device *uacce)
{
	struct wd_device *device = uacce->priv;

	return READ_ONCE(device->free);
}

/* Its number is free again when the engine has let go: then a next open() finds it. */
static void close_queue(struct wd_queue *queue, bool wait)
{
	struct wd_device *device = queue->device;

	spin_lock(&device->lock);
	queue->client = NULL;
	queue->started = false;
	if (!wait && !device->dead)
		wd_queue_tell(queue, WD_DUMMY_CLOSED);
	spin_unlock(&device->lock);
	if (wait)
		wd_queue_ask(queue, WD_DUMMY_CLOSED, false);
	wd_queue_put(queue);
}

static int client_get_queue(struct uacce_device *uacce, unsigned long arg,
			    struct uacce_queue *client)
{
	struct wd_queue *queue;
	int rc;

	/* Doorbells of 32-bit programs are not understood. */
	if (!current->mm || in_compat_syscall())
		return -EOPNOTSUPP;
	queue = wd_queue_create(uacce->priv, client);
	if (IS_ERR(queue))
		return PTR_ERR(queue);
	rc = wd_queue_ask(queue, WD_DUMMY_OPEN, true);
	if (rc) {
		/* An engine that did not answer would not answer now. */
		close_queue(queue, false);
		return rc;
	}
	client->priv = queue;
	return 0;
}

static int client_start_queue(struct uacce_queue *client)
{
	struct wd_queue *queue = queue_of(client);
	struct wd_device *device = queue->device;
	int rc;

	if (!is_owner(queue))
		return -EPERM;
	if (queue->stuck)
		return -EIO;
	spin_lock(&device->lock);
	queue->tail = 0;
	queue->head = 0;
	queue->fetched = 0;
	queue->halted = false;
	/* uacce has made the wait queue by now; it had not in get_queue. */
	queue->was_started = true;
	spin_unlock(&device->lock);
	queue->polled_head = 0;
	queue->polled_phase = 1;
	rc = wd_queue_ask(queue, WD_DUMMY_START, true);
	spin_lock(&device->lock);
	if (!rc)
		queue->started = true;
	else if (rc != -ENODEV)
		queue->stuck = rc == -ETIMEDOUT || rc == -ERESTARTSYS;
	spin_unlock(&device->lock);
	return rc;
}

/*
 * After it, nothing of the client's memory is touched. The engine is given time
 * to end what it has begun; without an engine, whoever ended the device has
 * seen to it.
 */
static void client_stop_queue(struct uacce_queue *client)
{
	struct wd_queue *queue = queue_of(client);
	struct wd_device *device = queue->device;
	int rc;

	/* What has been rung for is run; what comes from now on is not. */
	spin_lock(&device->lock);
	queue->started = false;
	spin_unlock(&device->lock);
	rc = wd_queue_ask(queue, WD_DUMMY_STOP, false);
	if (rc == -ENODEV)
		return;
	spin_lock(&device->lock);
	queue->stuck |= rc != 0;
	queue->halted = true;
	queue->fetched = queue->tail;
	spin_unlock(&device->lock);
	wd_queue_revoke(queue);
}

static void client_put_queue(struct uacce_queue *client)
{
	struct wd_queue *queue = queue_of(client);

	wd_queue_show_stopped(queue);
	close_queue(queue, !queue->stuck);
	wake_up_interruptible(&client->wait);
}

static int client_mmap(struct uacce_queue *client, struct vm_area_struct *vma,
		       struct uacce_qfile_region *region)
{
	struct wd_queue *queue = queue_of(client);

	if (!is_owner(queue))
		return -EPERM;
	return wd_mapping_create(queue, vma, region->type);
}

static long set_type(struct wd_queue *queue, void __user *at)
{
	struct hisi_qp_ctx context;

	if (copy_from_user(&context, at, sizeof(context)))
		return -EFAULT;
	if (context.qc_type > MOST_TYPE)
		return -EINVAL;
	queue->type = context.qc_type;
	context.id = queue->number;
	return copy_to_user(at, &context, sizeof(context)) ? -EFAULT : 0;
}

static long get_sizes(struct wd_queue *queue, void __user *at)
{
	struct hisi_qp_info info;

	if (copy_from_user(&info, at, sizeof(info)))
		return -EFAULT;
	info.sqe_size = WD_DUMMY_DESCRIPTOR_BYTES;
	info.sq_depth = queue->device->spec.depth;
	info.cq_depth = info.sq_depth;
	return copy_to_user(at, &info, sizeof(info)) ? -EFAULT : 0;
}

static long client_ioctl(struct uacce_queue *client, unsigned int command, unsigned long argument)
{
	struct wd_queue *queue = queue_of(client);

	if (!is_owner(queue))
		return -EPERM;
	switch (command) {
	case UACCE_CMD_QM_SET_QP_CTX:
		return set_type(queue, (void __user *)argument);
	case UACCE_CMD_QM_SET_QP_INFO:
		return get_sizes(queue, (void __user *)argument);
	default:
		return -EINVAL;
	}
}

/* The completion ring's entry, its last word: bit 0 is the phase. */
#define PHASE_AT 14

static const __le16 *phase_at(const struct wd_queue *queue, u32 entry)
{
	return (const __le16 *)(queue->memory +
				queue->device->spec.depth * WD_DUMMY_DESCRIPTOR_BYTES +
				entry * WD_DUMMY_COMPLETION_BYTES + PHASE_AT);
}

/*
 * Whether there are completions that no call of poll() has told of. As in the
 * kernel's driver: all that are there are taken. The ring is its client's to
 * write, so one turn is enough.
 */
static int client_is_q_updated(struct uacce_queue *client)
{
	struct wd_queue *queue = queue_of(client);
	u32 depth = queue->device->spec.depth;
	u32 left;

	if (!READ_ONCE(queue->started))
		return 0;
	for (left = depth; left; left--) {
		u16 word = le16_to_cpu(READ_ONCE(*phase_at(queue, queue->polled_head)));

		if ((word & 1) != queue->polled_phase)
			break;
		if (++queue->polled_head == depth) {
			queue->polled_head = 0;
			queue->polled_phase ^= 1;
		}
	}
	return left < depth;
}

#define CLIENT_OPS                                                                                 \
	.get_available_instances = client_get_available_instances, .get_queue = client_get_queue,  \
	.put_queue = client_put_queue, .start_queue = client_start_queue,                          \
	.stop_queue = client_stop_queue, .is_q_updated = client_is_q_updated, .mmap = client_mmap, \
	.ioctl = client_ioctl

#ifdef UACCE_SOFT_SVA
static const struct uacce_soft_ops soft_ops = { .ops = { CLIENT_OPS } };
const struct uacce_ops *const wd_client_ops = &soft_ops.ops;
#else
static const struct uacce_ops ops = { CLIENT_OPS };
const struct uacce_ops *const wd_client_ops = &ops;
#endif
