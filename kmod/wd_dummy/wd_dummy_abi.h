/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The control device of wd_dummy, /dev/wd_dummy: how a process becomes the
 * engine of a virtual accelerator.
 *
 * Each open file is the engine of one device, from WD_DUMMY_CREATE to the
 * file's last close. CAP_SYS_ADMIN is needed to open it and for each call.
 * Calls may be made by several threads at once. All reserved fields are 0.
 */
#ifndef WD_DUMMY_ABI_H
#define WD_DUMMY_ABI_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Of all formats today. */
#define WD_DUMMY_DESCRIPTOR_BYTES 128
#define WD_DUMMY_COMPLETION_BYTES 16
/* Where clients store the doorbell's word, in the region of registers. */
#define WD_DUMMY_DOORBELL_AT 0x1000

#define WD_DUMMY_MOST_QUEUES 1024
#define WD_DUMMY_MOST_DEPTH  32768

/* Which words of a descriptor are addresses, and what they allow. */
enum wd_dummy_format {
	WD_DUMMY_HISI_ZIP_V2 = 1,
	WD_DUMMY_HISI_ZIP_V3 = 2,
};

/**
 * struct wd_dummy_create - a device to be
 * @name: as a driver names its devices; "-" and a number come behind it
 * @api: what the attribute api says
 * @algorithms: what the attribute algorithms says, one in a line
 * @format: of descriptors, enum wd_dummy_format
 * @queues: 1 to WD_DUMMY_MOST_QUEUES
 * @depth: slots of both rings, 2 to WD_DUMMY_MOST_DEPTH
 * @register_bytes: size of the region of registers, whole pages; the doorbell
 *	is in it
 * @numa_node: an online node, or -1
 * @reserved: 0
 * @number: out, the device is @name-@number
 * @shared_bytes: out, size of a queue's memory: the submission ring, the
 *	completion ring directly behind it, up to a whole page, and one page more
 */
struct wd_dummy_create {
	__u8 name[32];
	__u8 api[32];
	__u8 algorithms[256];
	__u32 format;
	__u32 queues;
	__u32 depth;
	__u32 register_bytes;
	__s32 numa_node;
	__u32 reserved;
	__u32 number;
	__u32 shared_bytes;
};

/*
 * What has become of a queue. OPEN, START, STOP and CLOSED are questions: whoever
 * asked waits until WD_DUMMY_ANSWER, for some seconds at most. If several come
 * at once, they are meant in this order.
 */
#define WD_DUMMY_OPEN	0x01 /* its memory can be mapped from now on */
#define WD_DUMMY_START	0x02 /* rings start at slot 0 */
#define WD_DUMMY_TAIL	0x04 /* the submission doorbell, last said tail */
#define WD_DUMMY_HEAD	0x08 /* the completion doorbell, last said head */
#define WD_DUMMY_ARMED	0x10 /* with HEAD: and asked for an interrupt */
#define WD_DUMMY_STOP	0x20 /* end what is in flight, then answer */
#define WD_DUMMY_CLOSED 0x40 /* unmap it; its number is free after the answer */

/**
 * struct wd_dummy_event - news of one queue
 * @queue: its number
 * @what: one or more of the above
 * @type: of the queue, as its client has set it
 * @tail: of the submission ring
 * @head: of the completion ring
 * @reserved: 0
 */
struct wd_dummy_event {
	__u32 queue;
	__u32 what;
	__u16 type;
	__u16 tail;
	__u16 head;
	__u16 reserved;
};

/**
 * struct wd_dummy_wait - for news
 * @events: address of an array of struct wd_dummy_event
 * @capacity: of the array
 * @timeout_ms: -1 for none
 * @count: out, how many there are; 0 after @timeout_ms
 * @reserved: 0
 */
struct wd_dummy_wait {
	__u64 events;
	__u32 capacity;
	__s32 timeout_ms;
	__u32 count;
	__u32 reserved;
};

/**
 * struct wd_dummy_answer - to OPEN, START, STOP or CLOSED
 * @queue: its number
 * @what: the one question that is answered
 * @result: 0, or the negative errno value that the client gets; OPEN and
 *	START only
 * @reserved: 0
 */
struct wd_dummy_answer {
	__u32 queue;
	__u32 what;
	__s32 result;
	__u32 reserved;
};

/**
 * struct wd_dummy_slot - one request
 * @queue: the queue's number
 * @slot: in the submission ring
 */
struct wd_dummy_slot {
	__u32 queue;
	__u32 slot;
};

/**
 * struct wd_dummy_fetch - a request's descriptor
 * @at: which; rung for, and not fetched yet
 * @descriptor: out, copied once from the ring
 */
struct wd_dummy_fetch {
	struct wd_dummy_slot at;
	__u8 descriptor[WD_DUMMY_DESCRIPTOR_BYTES];
};

/**
 * struct wd_dummy_copy - between the engine's memory and the client's
 * @at: the request, fetched and not completed yet
 * @client: address in the client's memory
 * @engine: address in the engine's memory
 * @bytes: how many; all of them are in one piece of memory that the descriptor,
 *	as it was fetched, allows to read or to write
 */
struct wd_dummy_copy {
	struct wd_dummy_slot at;
	__u64 client;
	__u64 engine;
	__u64 bytes;
};

#define WD_DUMMY_CREATE _IOWR('w', 0, struct wd_dummy_create)
#define WD_DUMMY_WAIT	_IOWR('w', 1, struct wd_dummy_wait)
#define WD_DUMMY_ANSWER _IOW('w', 2, struct wd_dummy_answer)
#define WD_DUMMY_FETCH	_IOWR('w', 3, struct wd_dummy_fetch)
#define WD_DUMMY_READ	_IOW('w', 4, struct wd_dummy_copy)
#define WD_DUMMY_WRITE	_IOW('w', 5, struct wd_dummy_copy)
/* The request has ended: nothing of it can be copied any more. */
#define WD_DUMMY_COMPLETE _IOW('w', 6, struct wd_dummy_slot)
/* Wakes who waits for a queue; its number is the argument. */
#define WD_DUMMY_INTERRUPT _IO('w', 7)
/* Ends the device; the other calls answer ENODEV from then on. */
#define WD_DUMMY_REMOVE _IO('w', 8)

/*
 * Offsets for mmap() of the control device: a queue's memory, shared_bytes of
 * it; and a page to read, whose first word (__u32) counts news, so that an
 * engine which looks for more can do so without a call.
 */
#define WD_DUMMY_MAP_QUEUE(queue) ((__u64)(queue) << 32)
#define WD_DUMMY_MAP_NEWS	  ((__u64)1 << 43)

#endif /* WD_DUMMY_ABI_H */
