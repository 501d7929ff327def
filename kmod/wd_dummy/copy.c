// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes between the kernel and a client, by the client's page tables: a kernel
 * thread takes its memory for its own and copies as a system call of the
 * client's would, page faults and copy-on-write included, and no page that the
 * client itself could not write.
 *
 * A fault can take for ever. So the thread works for itself: a copy holds all
 * that it needs, and whoever waits for it may leave.
 */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "wd_dummy.h"

/* At a time, in the kernel's memory. */
#define MOST_BYTES (256 * 1024)

/**
 * struct copy - one, under way
 * @work: for the thread
 * @ref: the thread's, and that of who waits
 * @done: for who waits
 * @queue: whose client it is
 * @request: that allows it
 * @client: address in the client's memory
 * @kernel: the other side, owned
 * @bytes: how many
 * @write: to the client
 * @rc: what came of it
 */
struct copy {
	struct work_struct work;
	struct kref ref;
	struct completion done;
	struct wd_queue *queue;
	struct wd_request *request;
	u64 client;
	void *kernel;
	size_t bytes;
	bool write;
	int rc;
};

static struct workqueue_struct *threads;

int wd_copy_init(void)
{
	threads = alloc_workqueue("wd_dummy", WQ_UNBOUND, 0);
	return threads ? 0 : -ENOMEM;
}

void wd_copy_exit(void)
{
	destroy_workqueue(threads);
}

static void release_copy(struct kref *ref)
{
	struct copy *copy = container_of(ref, struct copy, ref);

	kvfree(copy->kernel);
	kfree(copy);
}

/* Page by page: between two of them the request may have ended. */
static int copy_pages(struct copy *copy)
{
	size_t done = 0;

	while (done < copy->bytes) {
		u64 at = copy->client + done;
		size_t part = min_t(u64, PAGE_SIZE - offset_in_page(at), copy->bytes - done);
		void __user *user = u64_to_user_ptr(at);

		if (wd_request_revoked(copy->request))
			return -ECANCELED;
		if (copy->write ? copy_to_user(user, copy->kernel + done, part)
				: copy_from_user(copy->kernel + done, user, part))
			return -EFAULT;
		done += part;
	}
	return 0;
}

static void run_copy(struct work_struct *work)
{
	struct copy *copy = container_of(work, struct copy, work);
	struct wd_queue *queue = copy->queue;
	struct mm_struct *mm = queue->mm;

	copy->rc = -ESRCH;
	if (mmget_not_zero(mm)) {
		kthread_use_mm(mm);
		copy->rc = copy_pages(copy);
		kthread_unuse_mm(mm);
		/* Were we the last, all of it would be torn down here. */
		mmput_async(mm);
	}
	spin_lock(&queue->device->lock);
	queue->copies--;
	wake_up(&queue->wait);
	spin_unlock(&queue->device->lock);
	/* Before it is done: its request is not busy any more by then. */
	wd_request_put(copy->request);
	complete(&copy->done);
	kref_put(&copy->ref, release_copy);
	wd_queue_put(queue);
	/* wd_copy_exit() waits for what is behind it. */
	module_put(THIS_MODULE);
}

static struct copy *create_copy(u64 client, size_t bytes, bool write)
{
	struct copy *copy = kzalloc(sizeof(*copy), GFP_KERNEL);

	if (!copy)
		return NULL;
	copy->kernel = kvmalloc(bytes, GFP_KERNEL);
	if (!copy->kernel) {
		kfree(copy);
		return NULL;
	}
	INIT_WORK(&copy->work, run_copy);
	kref_init(&copy->ref);
	init_completion(&copy->done);
	copy->client = client;
	copy->bytes = bytes;
	copy->write = write;
	return copy;
}

/* It is for @queue, and @request, whose reference goes with it. Under the lock. */
static void bind_copy(struct copy *copy, struct wd_queue *queue, struct wd_request *request)
{
	lockdep_assert_held(&queue->device->lock);
	copy->queue = queue;
	kref_get(&queue->ref);
	queue->copies++;
	copy->request = request;
}

/* Has the thread do it. */
static int run(struct copy *copy)
{
	int rc;

	kref_get(&copy->ref);
	__module_get(THIS_MODULE);
	queue_work(threads, &copy->work);
	rc = wait_for_completion_killable(&copy->done);
	return rc ? rc : copy->rc;
}

/**
 * wd_copy() - for the kernel itself, in small pieces
 * @queue: whose client's memory it is
 * @request: that it is for, not in flight yet
 * @client: address there
 * @kernel: address here
 * @bytes: how many
 * @write: to the client
 *
 * Return: 0 or an error; EFAULT for an address that leads nowhere.
 */
int wd_copy(struct wd_queue *queue, struct wd_request *request, u64 client, void *kernel,
	    size_t bytes, bool write)
{
	struct copy *copy;
	int rc;

	if (!bytes)
		return 0;
	copy = create_copy(client, bytes, write);
	if (!copy)
		return -ENOMEM;
	if (write)
		memcpy(copy->kernel, kernel, bytes);
	wd_request_get(request);
	spin_lock(&queue->device->lock);
	bind_copy(copy, queue, request);
	spin_unlock(&queue->device->lock);
	rc = run(copy);
	if (!rc && !write)
		memcpy(kernel, copy->kernel, bytes);
	kref_put(&copy->ref, release_copy);
	return rc;
}

/* Finds queue and request, and whether that allows it. */
static int bind_allowed(struct copy *copy, struct wd_device *device, const struct wd_dummy_slot *at)
{
	struct wd_request *request = NULL;
	struct wd_queue *queue;
	int rc = -ENOENT;

	spin_lock(&device->lock);
	queue = wd_queue_find(device, at->queue);
	if (queue && at->slot < device->spec.depth)
		request = queue->in_flight[at->slot];
	if (device->dead) {
		rc = -ENODEV;
	} else if (request) {
		rc = -EACCES;
		if (wd_request_get_for(request, copy->client, copy->bytes, copy->write)) {
			bind_copy(copy, queue, request);
			rc = 0;
		}
	}
	spin_unlock(&device->lock);
	return rc;
}

static int copy_part(struct wd_device *device, const struct wd_dummy_slot *at, u64 client,
		     void __user *engine, size_t bytes, bool write)
{
	struct copy *copy = create_copy(client, bytes, write);
	int rc = 0;

	if (!copy)
		return -ENOMEM;
	if (write && copy_from_user(copy->kernel, engine, bytes))
		rc = -EFAULT;
	if (!rc)
		rc = bind_allowed(copy, device, at);
	if (!rc)
		rc = run(copy);
	if (!rc && !write && copy_to_user(engine, copy->kernel, bytes))
		rc = -EFAULT;
	kref_put(&copy->ref, release_copy);
	return rc;
}

/* For the engine, which is the caller. What was copied before an error stays. */
long wd_copy_for_engine(struct wd_device *device, const struct wd_dummy_copy *copy, bool write)
{
	u64 done = 0;

	while (done < copy->bytes) {
		size_t part = min_t(u64, copy->bytes - done, MOST_BYTES);
		int rc = copy_part(device, &copy->at, copy->client + done,
				   u64_to_user_ptr(copy->engine + done), part, write);

		if (rc)
			return rc;
		done += part;
	}
	return 0;
}
