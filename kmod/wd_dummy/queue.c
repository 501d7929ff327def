// SPDX-License-Identifier: GPL-2.0-only
/*
 * A queue's memory, and the words that client and engine exchange about it: the
 * client's side asks and waits, the engine takes the question and answers.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "wd_dummy.h"

/* What the last page of a queue's memory ends with. */
#define RECEPTION_STOPPED_FROM_END    8
#define TRANSMISSION_STOPPED_FROM_END 4

/*
 * What a client is charged for. Where that is too much, his call fails: he can
 * do without this device, and need not be killed for it.
 */
#define GFP_CHARGED (GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

static void free_memory(struct wd_queue *queue)
{
	unsigned long count = queue->device->shared_bytes >> PAGE_SHIFT;
	unsigned long i;

	vunmap(queue->memory);
	for (i = 0; queue->pages && i < count; i++)
		if (queue->pages[i])
			put_page(queue->pages[i]);
	kvfree(queue->pages);
}

/* Charged to who opens the queue. Pages may stay mapped for longer. */
static int allocate_memory(struct wd_queue *queue)
{
	unsigned long count = queue->device->shared_bytes >> PAGE_SHIFT;
	unsigned long i;

	queue->pages = kvcalloc(count, sizeof(*queue->pages), GFP_CHARGED);
	if (!queue->pages)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		queue->pages[i] = alloc_page(GFP_CHARGED | __GFP_ZERO);
		if (!queue->pages[i])
			return -ENOMEM;
	}
	queue->memory = vmap(queue->pages, count, VM_MAP, PAGE_KERNEL);
	return queue->memory ? 0 : -ENOMEM;
}

static void free_queue(struct wd_queue *queue)
{
	if (queue->memory)
		wd_queue_revoke(queue);
	kvfree(queue->in_flight);
	free_memory(queue);
	if (queue->user)
		wd_user_release(queue->user);
	mmdrop(queue->mm);
	wd_device_put(queue->device);
	kfree(queue);
}

static void release_queue(struct kref *ref)
{
	free_queue(container_of(ref, struct wd_queue, ref));
}

void wd_queue_put(struct wd_queue *queue)
{
	kref_put(&queue->ref, release_queue);
}

static int take_number(struct wd_queue *queue)
{
	struct wd_device *device = queue->device;
	unsigned int number;
	int rc = -EBUSY;

	spin_lock(&device->lock);
	if (device->dead) {
		rc = -ENODEV;
		goto unlock;
	}
	for (number = 0; number < device->spec.queues; number++) {
		if (device->queues[number])
			continue;
		queue->number = number;
		device->queues[number] = queue;
		device->free--;
		kref_get(&queue->ref);
		rc = 0;
		break;
	}
unlock:
	spin_unlock(&device->lock);
	return rc;
}

/*
 * A number, and memory, for a client: the calling process. The engine does not
 * know of it yet. Its other reference is the table's.
 */
struct wd_queue *wd_queue_create(struct wd_device *device, struct uacce_queue *client)
{
	struct wd_queue *queue = kzalloc(sizeof(*queue), GFP_CHARGED);
	int rc = -ENOMEM;

	if (!queue)
		return ERR_PTR(rc);
	kref_init(&queue->ref);
	wd_device_get(device);
	queue->device = device;
	queue->client = client;
	queue->mm = current->mm;
	mmgrab(queue->mm);
	INIT_LIST_HEAD(&queue->fresh);
	init_waitqueue_head(&queue->wait);
	queue->user = wd_user_charge();
	if (IS_ERR(queue->user)) {
		rc = PTR_ERR(queue->user);
		queue->user = NULL;
		goto free;
	}
	queue->in_flight = kvcalloc(device->spec.depth, sizeof(*queue->in_flight), GFP_CHARGED);
	if (!queue->in_flight)
		goto free;
	rc = allocate_memory(queue);
	if (rc)
		goto free;
	rc = take_number(queue);
	if (rc)
		goto free;
	return queue;

free:
	free_queue(queue);
	return ERR_PTR(rc);
}

/* The engine need not know of it any more. Not under the lock. */
void wd_queue_forget(struct wd_queue *queue)
{
	struct wd_device *device = queue->device;
	bool known;

	spin_lock(&device->lock);
	known = device->queues[queue->number] == queue;
	if (known) {
		device->queues[queue->number] = NULL;
		device->free++;
	}
	list_del_init(&queue->fresh);
	spin_unlock(&device->lock);
	if (known)
		wd_queue_put(queue);
}

/* By its number, under the lock; NULL if there is none. */
struct wd_queue *wd_queue_find(struct wd_device *device, unsigned int number)
{
	lockdep_assert_held(&device->lock);
	return number < device->spec.queues ? device->queues[number] : NULL;
}

/* News for the engine. Under the lock. */
void wd_queue_tell(struct wd_queue *queue, u32 what)
{
	struct wd_device *device = queue->device;
	u32 *news = page_address(device->news);

	lockdep_assert_held(&device->lock);
	queue->what |= what;
	if (list_empty(&queue->fresh))
		list_add_tail(&queue->fresh, &device->fresh);
	/* Written under the lock only, read by the engine at any time. */
	WRITE_ONCE(*news, *news + 1);
	wake_up(&device->wait);
}

static bool settled(struct wd_queue *queue)
{
	return READ_ONCE(queue->answered) || READ_ONCE(queue->device->dead);
}

/**
 * wd_queue_ask() - asks the engine, and waits for its answer
 * @queue: of which nobody asks anything else meanwhile
 * @question: OPEN, START, STOP or CLOSED
 * @killable: the caller can do without an answer when he is to die
 *
 * Return: the answer; ENODEV without an engine, ETIMEDOUT if it says nothing.
 */
int wd_queue_ask(struct wd_queue *queue, u32 question, bool killable)
{
	struct wd_device *device = queue->device;
	long rc;

	spin_lock(&device->lock);
	queue->asked = question;
	queue->answered = false;
	if (!device->dead)
		wd_queue_tell(queue, question);
	spin_unlock(&device->lock);

	if (killable)
		rc = wait_event_killable_timeout(queue->wait, settled(queue), WD_ANSWER_TIMEOUT);
	else
		rc = wait_event_timeout(queue->wait, settled(queue), WD_ANSWER_TIMEOUT);

	spin_lock(&device->lock);
	if (queue->answered)
		rc = queue->answer;
	else if (device->dead)
		rc = -ENODEV;
	else if (rc >= 0)
		rc = -ETIMEDOUT;
	queue->asked = 0;
	spin_unlock(&device->lock);
	return rc;
}

static void closed_for_good(struct wd_queue *queue)
{
	struct wd_device *device = queue->device;

	wd_queue_forget(queue);
	spin_lock(&device->lock);
	queue->answer = 0;
	WRITE_ONCE(queue->answered, true);
	spin_unlock(&device->lock);
	wake_up(&queue->wait);
}

int wd_queue_answer(struct wd_device *device, const struct wd_dummy_answer *answer)
{
	bool closed = answer->what == WD_DUMMY_CLOSED;
	struct wd_queue *queue;
	int rc = -EINVAL;

	if (answer->reserved || answer->result > 0 || answer->result < -MAX_ERRNO)
		return rc;
	spin_lock(&device->lock);
	queue = wd_queue_find(device, answer->queue);
	if (!queue) {
		rc = -ENOENT;
	} else if (closed && !queue->client && !(queue->what & WD_DUMMY_CLOSED)) {
		kref_get(&queue->ref);
		rc = 0;
	} else if (!closed && answer->what == queue->asked && !queue->answered) {
		queue->answer = answer->result;
		WRITE_ONCE(queue->answered, true);
		wake_up(&queue->wait);
		rc = 0;
	}
	spin_unlock(&device->lock);
	if (closed && !rc) {
		closed_for_good(queue);
		wd_queue_put(queue);
	}
	return rc;
}

static bool no_copies(struct wd_queue *queue)
{
	return !READ_ONCE(queue->copies);
}

/*
 * Forgets all requests, so that nothing more is copied, and waits for copies
 * under way. One that hangs in a page fault (the client's own file system may
 * never answer) goes on by itself, up to the end of its page.
 */
void wd_queue_revoke(struct wd_queue *queue)
{
	struct wd_device *device = queue->device;
	u32 slot;

	for (slot = 0; slot < device->spec.depth; slot++) {
		struct wd_request *request;

		spin_lock(&device->lock);
		request = queue->in_flight[slot];
		queue->in_flight[slot] = NULL;
		if (request)
			wd_request_revoke(request);
		spin_unlock(&device->lock);
		if (request)
			wd_request_put(request);
	}
	if (!wait_event_timeout(queue->wait, no_copies(queue), WD_COPY_TIMEOUT))
		pr_warn_ratelimited("queue %u ends without a page of its client\n", queue->number);
}

/* As after a reset: what was asked last is not answered any more. */
void wd_queue_show_stopped(struct wd_queue *queue)
{
	u8 *end = queue->memory + queue->device->shared_bytes;

	WRITE_ONCE(*(u32 *)(end - TRANSMISSION_STOPPED_FROM_END), 1);
	/* Who sees this one finds what was completed before it. */
	smp_store_release((u32 *)(end - RECEPTION_STOPPED_FROM_END), 1);
}
