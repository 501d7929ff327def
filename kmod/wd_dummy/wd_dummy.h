/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of wd_dummy share.
 *
 * A device is its engine's (engine.c); queues are opened by clients through
 * uacce (clients.c). The one lock, wd_device.lock, covers all that both sides
 * change: who waits for what, rings, requests in flight. It is taken inside of
 * every other lock, also by page faults on doorbells.
 */
#ifndef WD_DUMMY_H
#define WD_DUMMY_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uacce.h>
#include <linux/uidgid.h>
#include <linux/wait.h>

#include "wd_dummy_abi.h"

struct platform_device;
struct pt_regs;
struct wd_request;
struct wd_user;

/* How long an engine may take to answer, and a copy to end, in jiffies. */
#define WD_ANSWER_TIMEOUT (5 * HZ)
#define WD_COPY_TIMEOUT	  (2 * HZ)

/**
 * struct wd_device - a device and its engine
 * @ref: the engine's file, each queue
 * @lock: of everything below, and of the queues
 * @spec: as it was created
 * @shared_bytes: size of a queue's memory
 * @uacce: as its clients see it
 * @parent: of @uacce
 * @dead: the engine is gone, or was told to be
 * @queues: by number; those that the engine knows, or has not forgotten yet
 * @free: how many numbers are not in use
 * @fresh: queues with news for the engine
 * @wait: the engine, for news
 * @news: the page that counts them
 */
struct wd_device {
	struct kref ref;
	spinlock_t lock; /* of all that follows, and of the queues */
	struct wd_dummy_create spec;
	unsigned long shared_bytes;
	struct uacce_device *uacce;
	struct platform_device *parent;
	bool dead;
	struct wd_queue **queues;
	unsigned int free;
	struct list_head fresh;
	wait_queue_head_t wait;
	struct page *news;
};

/**
 * struct wd_queue - what a client has opened
 * @ref: uacce's, the engine's table, each mapping, each copy
 * @device: whose it is
 * @number: within the device
 * @client: what uacce calls it; NULL when it is closed
 * @mm: of its client; only its mm_count is held
 * @user: who is charged for it
 * @pages: its memory
 * @memory: the same, as the kernel sees it
 * @fresh: in the list of the device
 * @what: news that the engine has not taken yet
 * @asked: the question that somebody waits for an answer to, or 0
 * @answered: it has come
 * @answer: this one
 * @wait: who asked; who waits for copies to end
 * @type: of queue, set by the client
 * @started: doorbells are listened to
 * @was_started: who waits for it can be woken
 * @halted: no request is taken any more
 * @stuck: it was stopped, and the engine did not say that it is
 * @tail: of the submission ring, by its last doorbell
 * @head: of the completion ring, by its last doorbell
 * @fetched: the slot behind the last one that the engine has fetched
 * @in_flight: requests by slot
 * @copies: under way
 * @polled_head: how far poll() has looked into the completion ring
 * @polled_phase: of entries that it has not seen
 */
struct wd_queue {
	struct kref ref;
	struct wd_device *device;
	unsigned int number;
	struct uacce_queue *client;
	struct mm_struct *mm;
	struct wd_user *user;
	struct page **pages;
	u8 *memory;
	struct list_head fresh;
	u32 what;
	u32 asked;
	bool answered;
	int answer;
	wait_queue_head_t wait;
	u16 type;
	bool started;
	bool was_started;
	bool halted;
	bool stuck;
	u16 tail;
	u16 head;
	u32 fetched;
	struct wd_request **in_flight;
	unsigned int copies;
	u32 polled_head;
	u16 polled_phase;
};

/* device.c */
struct wd_device *wd_device_create(struct wd_dummy_create *spec);
void wd_device_end(struct wd_device *device);
void wd_device_put(struct wd_device *device);
void wd_device_get(struct wd_device *device);

/* clients.c */
extern const struct uacce_ops *const wd_client_ops;

/* queue.c */
struct wd_queue *wd_queue_create(struct wd_device *device, struct uacce_queue *client);
void wd_queue_put(struct wd_queue *queue);
void wd_queue_tell(struct wd_queue *queue, u32 what);
int wd_queue_ask(struct wd_queue *queue, u32 question, bool killable);
int wd_queue_answer(struct wd_device *device, const struct wd_dummy_answer *answer);
void wd_queue_forget(struct wd_queue *queue);
void wd_queue_revoke(struct wd_queue *queue);
void wd_queue_show_stopped(struct wd_queue *queue);
struct wd_queue *wd_queue_find(struct wd_device *device, unsigned int number);

/* mapping.c */
int wd_mapping_create(struct wd_queue *queue, struct vm_area_struct *vma, enum uacce_qfrt type);

/* doorbell.c */
vm_fault_t wd_doorbell_fault(struct wd_queue *queue, struct vm_fault *vmf);

/* store.c */
bool wd_store_take(struct pt_regs *regs, u64 *value);

/* request.c */
struct wd_request *wd_request_create(struct wd_queue *queue, const __le32 *descriptor);
void wd_request_get(struct wd_request *request);
void wd_request_put(struct wd_request *request);
bool wd_request_get_for(struct wd_request *request, u64 at, u64 bytes, bool write);
void wd_request_revoke(struct wd_request *request);
bool wd_request_revoked(const struct wd_request *request);
bool wd_request_busy(const struct wd_request *request);

/* copy.c */
int wd_copy_init(void);
void wd_copy_exit(void);
int wd_copy(struct wd_queue *queue, struct wd_request *request, u64 client, void *kernel,
	    size_t bytes, bool write);
long wd_copy_for_engine(struct wd_device *device, const struct wd_dummy_copy *copy, bool write);

/* user.c */
struct wd_user *wd_user_charge(void);
void wd_user_release(struct wd_user *user);

/* engine.c */
extern const struct file_operations wd_engine_fops;

#endif
