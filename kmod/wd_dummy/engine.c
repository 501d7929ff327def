// SPDX-License-Identifier: GPL-2.0-only
/* The control device: an open file is an engine. The calls are in wd_dummy_abi.h. */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "wd_dummy.h"

/**
 * struct wd_engine - an open file
 * @lock: of @device
 * @device: the engine's, from CREATE to REMOVE
 */
struct wd_engine {
	struct mutex lock; /* of device */
	struct wd_device *device;
};

static int engine_open(struct inode *inode, struct file *file)
{
	struct wd_engine *engine;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	engine = kzalloc(sizeof(*engine), GFP_KERNEL);
	if (!engine)
		return -ENOMEM;
	mutex_init(&engine->lock);
	file->private_data = engine;
	return 0;
}

/* Calls under way have references of their own. */
static void end_device(struct wd_engine *engine)
{
	struct wd_device *device;

	mutex_lock(&engine->lock);
	device = engine->device;
	engine->device = NULL;
	mutex_unlock(&engine->lock);
	if (device)
		wd_device_end(device);
}

static int engine_release(struct inode *inode, struct file *file)
{
	struct wd_engine *engine = file->private_data;

	end_device(engine);
	kfree(engine);
	return 0;
}

static struct wd_device *device_of(struct wd_engine *engine)
{
	struct wd_device *device;

	mutex_lock(&engine->lock);
	device = engine->device;
	if (device)
		wd_device_get(device);
	mutex_unlock(&engine->lock);
	return device;
}

static long create(struct wd_engine *engine, void __user *argument)
{
	struct wd_dummy_create *spec = memdup_user(argument, sizeof(*spec));
	struct wd_device *device;
	long rc = -EBUSY;

	if (IS_ERR(spec))
		return PTR_ERR(spec);
	mutex_lock(&engine->lock);
	if (engine->device)
		goto unlock;
	device = wd_device_create(spec);
	rc = PTR_ERR_OR_ZERO(device);
	if (!rc)
		engine->device = device;
unlock:
	mutex_unlock(&engine->lock);
	if (!rc && copy_to_user(argument, spec, sizeof(*spec))) {
		end_device(engine);
		rc = -EFAULT;
	}
	kfree(spec);
	return rc;
}

/* News of the next queue: false if there is none. */
static bool take_event(struct wd_device *device, struct wd_dummy_event *event)
{
	struct wd_queue *queue;

	memset(event, 0, sizeof(*event));
	spin_lock(&device->lock);
	queue = list_first_entry_or_null(&device->fresh, struct wd_queue, fresh);
	if (queue) {
		list_del_init(&queue->fresh);
		event->queue = queue->number;
		event->what = queue->what;
		event->type = queue->type;
		event->tail = queue->tail;
		event->head = queue->head;
		queue->what = 0;
	}
	spin_unlock(&device->lock);
	return queue;
}

static bool has_news(struct wd_device *device)
{
	return READ_ONCE(device->dead) || !list_empty_careful(&device->fresh);
}

static long await_news(struct wd_device *device, s32 timeout_ms)
{
	long rc;

	if (timeout_ms < 0) {
		rc = wait_event_interruptible(device->wait, has_news(device));
	} else {
		rc = wait_event_interruptible_timeout(device->wait, has_news(device),
						      msecs_to_jiffies(timeout_ms));
	}
	if (rc < 0)
		return rc;
	return READ_ONCE(device->dead) ? -ENODEV : 0;
}

static long wait_for_news(struct wd_device *device, void __user *argument)
{
	struct wd_dummy_event __user *events;
	struct wd_dummy_event event;
	struct wd_dummy_wait wait;
	long rc;

	if (copy_from_user(&wait, argument, sizeof(wait)))
		return -EFAULT;
	if (wait.reserved || !wait.capacity)
		return -EINVAL;
	rc = await_news(device, wait.timeout_ms);
	if (rc)
		return rc;
	events = u64_to_user_ptr(wait.events);
	wait.count = 0;
	while (wait.count < wait.capacity && take_event(device, &event)) {
		/* Lost then; an engine that gives no room for them hears nothing. */
		if (copy_to_user(&events[wait.count++], &event, sizeof(event)))
			return -EFAULT;
	}
	return copy_to_user(argument, &wait, sizeof(wait)) ? -EFAULT : 0;
}

static long answer(struct wd_device *device, void __user *argument)
{
	struct wd_dummy_answer given;

	if (copy_from_user(&given, argument, sizeof(given)))
		return -EFAULT;
	return wd_queue_answer(device, &given);
}

/* A queue's request that has been rung for; what is before it is skipped. */
static bool is_next(const struct wd_queue *queue, u32 slot)
{
	u32 depth = queue->device->spec.depth;
	u32 ahead = (slot + depth - queue->fetched) % depth;
	u32 rung = (queue->tail + depth - queue->fetched) % depth;

	return queue->client && slot < depth && ahead < rung;
}

/* Its descriptor, once: its client can write to the ring at any time. */
static struct wd_queue *take_descriptor(struct wd_device *device, struct wd_dummy_fetch *fetch)
{
	u32 slot = fetch->at.slot;
	struct wd_queue *queue;

	spin_lock(&device->lock);
	queue = wd_queue_find(device, fetch->at.queue);
	if (!queue || !is_next(queue, slot)) {
		queue = ERR_PTR(-ENOENT);
	} else if (queue->in_flight[slot]) {
		queue = ERR_PTR(-EBUSY);
	} else {
		queue->fetched = (slot + 1) % device->spec.depth;
		memcpy(fetch->descriptor, queue->memory + slot * WD_DUMMY_DESCRIPTOR_BYTES,
		       WD_DUMMY_DESCRIPTOR_BYTES);
		kref_get(&queue->ref);
	}
	spin_unlock(&device->lock);
	return queue;
}

/* It was not fetched after all, unless the queue is not where it was any more. */
static void put_back(struct wd_queue *queue, u32 slot)
{
	struct wd_device *device = queue->device;

	spin_lock(&device->lock);
	if (!queue->halted && queue->fetched == (slot + 1) % device->spec.depth)
		queue->fetched = slot;
	spin_unlock(&device->lock);
}

/* Unless the queue was stopped meanwhile. */
static long put_in_flight(struct wd_queue *queue, u32 slot, struct wd_request *request)
{
	struct wd_device *device = queue->device;
	long rc = -ECANCELED;

	spin_lock(&device->lock);
	if (!device->dead && queue->client && !queue->halted && !queue->in_flight[slot]) {
		queue->in_flight[slot] = request;
		rc = 0;
	}
	spin_unlock(&device->lock);
	if (rc)
		wd_request_put(request);
	return rc;
}

static long fetch(struct wd_device *device, void __user *argument)
{
	struct wd_dummy_fetch fetch;
	struct wd_request *request;
	struct wd_queue *queue;
	long rc = -ENOMEM;

	if (copy_from_user(&fetch.at, argument, sizeof(fetch.at)))
		return -EFAULT;
	queue = take_descriptor(device, &fetch);
	if (IS_ERR(queue))
		return PTR_ERR(queue);
	request = wd_request_create(queue, (const __le32 *)fetch.descriptor);
	if (request)
		rc = put_in_flight(queue, fetch.at.slot, request);
	else
		put_back(queue, fetch.at.slot);
	wd_queue_put(queue);
	if (!rc && copy_to_user(argument, &fetch, sizeof(fetch)))
		rc = -EFAULT;
	return rc;
}

static long copy(struct wd_device *device, void __user *argument, bool write)
{
	struct wd_dummy_copy wanted;

	if (copy_from_user(&wanted, argument, sizeof(wanted)))
		return -EFAULT;
	return wd_copy_for_engine(device, &wanted, write);
}

static long complete_request(struct wd_device *device, void __user *argument)
{
	struct wd_request *request = NULL;
	struct wd_dummy_slot at;
	struct wd_queue *queue;
	long rc = -ENOENT;

	if (copy_from_user(&at, argument, sizeof(at)))
		return -EFAULT;
	spin_lock(&device->lock);
	queue = wd_queue_find(device, at.queue);
	if (queue && at.slot < device->spec.depth)
		request = queue->in_flight[at.slot];
	if (request && wd_request_busy(request)) {
		rc = -EBUSY;
		request = NULL;
	} else if (request) {
		queue->in_flight[at.slot] = NULL;
		rc = 0;
	}
	spin_unlock(&device->lock);
	if (request)
		wd_request_put(request);
	return rc;
}

static long interrupt(struct wd_device *device, unsigned long number)
{
	struct wd_queue *queue;
	long rc = -ENOENT;

	spin_lock(&device->lock);
	queue = number < U32_MAX ? wd_queue_find(device, number) : NULL;
	/* Without a client that has started it, nobody waits. */
	if (queue && queue->client && queue->was_started) {
		wake_up_interruptible(&queue->client->wait);
		rc = 0;
	}
	spin_unlock(&device->lock);
	return rc;
}

static long call_device(struct wd_device *device, unsigned int command, unsigned long argument)
{
	void __user *at = (void __user *)argument;

	switch (command) {
	case WD_DUMMY_WAIT:
		return wait_for_news(device, at);
	case WD_DUMMY_ANSWER:
		return answer(device, at);
	case WD_DUMMY_FETCH:
		return fetch(device, at);
	case WD_DUMMY_READ:
		return copy(device, at, false);
	case WD_DUMMY_WRITE:
		return copy(device, at, true);
	case WD_DUMMY_COMPLETE:
		return complete_request(device, at);
	case WD_DUMMY_INTERRUPT:
		return interrupt(device, argument);
	default:
		return -ENOTTY;
	}
}

static long engine_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct wd_engine *engine = file->private_data;
	struct wd_device *device;
	long rc;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (command == WD_DUMMY_CREATE)
		return create(engine, (void __user *)argument);
	device = device_of(engine);
	if (!device)
		return -ENODEV;
	if (command == WD_DUMMY_REMOVE) {
		end_device(engine);
		rc = 0;
	} else {
		rc = call_device(device, command, argument);
	}
	wd_device_put(device);
	return rc;
}

static int map_queue(struct wd_device *device, struct vm_area_struct *vma)
{
	unsigned long number = vma->vm_pgoff >> (32 - PAGE_SHIFT);
	struct wd_queue *queue = NULL;
	int rc;

	if (vma->vm_pgoff & ((1UL << (32 - PAGE_SHIFT)) - 1) ||
	    vma->vm_end - vma->vm_start != device->shared_bytes)
		return -EINVAL;
	spin_lock(&device->lock);
	if (number < device->spec.queues)
		queue = wd_queue_find(device, number);
	if (queue)
		kref_get(&queue->ref);
	spin_unlock(&device->lock);
	if (!queue)
		return -ENOENT;
	vma->vm_pgoff = 0;
	rc = vm_map_pages(vma, queue->pages, device->shared_bytes >> PAGE_SHIFT);
	wd_queue_put(queue);
	return rc;
}

static int map_news(struct wd_device *device, struct vm_area_struct *vma)
{
	if (vma->vm_end - vma->vm_start != PAGE_SIZE || vma->vm_flags & VM_WRITE)
		return -EINVAL;
	return vm_insert_page(vma, vma->vm_start, device->news);
}

/* What is mapped stays until it is unmapped, also when its queue has ended. */
static int engine_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct wd_device *device;
	int rc;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	device = device_of(file->private_data);
	if (!device)
		return -ENODEV;
	if (vma->vm_pgoff == WD_DUMMY_MAP_NEWS >> PAGE_SHIFT)
		rc = map_news(device, vma);
	else
		rc = map_queue(device, vma);
	wd_device_put(device);
	return rc;
}

const struct file_operations wd_engine_fops = {
	.owner = THIS_MODULE,
	.open = engine_open,
	.release = engine_release,
	.unlocked_ioctl = engine_ioctl,
	.mmap = engine_mmap,
	.llseek = noop_llseek,
};
