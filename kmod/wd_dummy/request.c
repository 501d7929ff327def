// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a descriptor allows: the pieces of its client's memory that it names, to
 * read or to write. Found in the kernel's own copy of the descriptor, by what is
 * known of its format; scatter lists are followed as they are at that moment.
 */
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "wd_dummy.h"

#define READS  1
#define WRITES 2

/* A request of this many pieces has a list that nobody would make. */
#define MOST_PIECES  16384
#define MOST_LISTS   256
#define MOST_IN_LIST 255

struct piece {
	u64 at;
	u64 bytes;
	u32 allows;
};

/**
 * struct wd_request - a descriptor that the engine has fetched
 * @ref: the queue's, while it is in flight, and each copy's
 * @revoked: nothing of it may be copied any more
 * @count: of pieces
 * @capacity: of @pieces
 * @hint: where the next copy is likely to be
 * @pieces: what it allows
 */
struct wd_request {
	struct kref ref;
	bool revoked;
	u32 count;
	u32 capacity;
	u32 hint;
	struct piece *pieces;
};

/**
 * struct operand - an address in a descriptor
 * @at: word of the address's lower half
 * @bytes_at: word of the length, or 0 for a length that is fixed
 * @bytes: this
 * @listed: a scatter list, if the descriptor says so
 * @allows: what it is for
 * @when_at: word that tells whether it is used
 * @when_mask: bits of that word
 * @when_least: their least value for which it is
 */
struct operand {
	u8 at;
	u8 bytes_at;
	u16 bytes;
	bool listed;
	u8 allows;
	u8 when_at;
	u32 when_mask;
	u32 when_least;
};

/* Word 9: bits 11:8 say that the first two are lists; 7:0 what to do. */
#define LISTS_AT    9
#define LISTS_MASK  0xf00
#define CODING_MASK 0xff
#define FIRST_LZ77  0x40
/* Word 7, bit 26: goes on with a stream, of which the device keeps 38 KiB. */
#define STREAM_AT    7
#define STREAM_MASK  BIT(26)
#define STREAM_BYTES 0x9800

static const struct operand zip_operands[] = {
	{ .at = 18, .bytes_at = 4, .listed = true, .allows = READS },
	{ .at = 20, .bytes_at = 14, .listed = true, .allows = WRITES },
	{ .at = 22,
	  .bytes = STREAM_BYTES,
	  .allows = READS | WRITES,
	  .when_at = STREAM_AT,
	  .when_mask = STREAM_MASK,
	  .when_least = 1 },
	/* Literals; the last one, for version 2 has its tag in the length. */
	{ .at = 24,
	  .bytes_at = 13,
	  .allows = WRITES,
	  .when_at = LISTS_AT,
	  .when_mask = CODING_MASK,
	  .when_least = FIRST_LZ77 },
};

static unsigned int operands_of(const struct wd_device *device)
{
	bool old = device->spec.format == WD_DUMMY_HISI_ZIP_V2;

	return ARRAY_SIZE(zip_operands) - old;
}

static int add_piece(struct wd_request *request, u64 at, u64 bytes, u32 allows)
{
	struct piece *more;
	u32 capacity;

	if (!bytes)
		return 0;
	if (request->count == request->capacity) {
		if (request->count == MOST_PIECES)
			return -E2BIG;
		capacity = max(2 * request->capacity, 8U);
		more = kvmalloc_array(capacity, sizeof(*more), GFP_KERNEL_ACCOUNT);
		if (!more)
			return -ENOMEM;
		if (request->count)
			memcpy(more, request->pieces, request->count * sizeof(*more));
		kvfree(request->pieces);
		request->pieces = more;
		request->capacity = capacity;
	}
	request->pieces[request->count++] =
		(struct piece){ .at = at, .bytes = bytes, .allows = allows };
	return 0;
}

struct list_head_on_wire {
	__le64 next;
	__le16 capacity_of_chain;
	__le16 entries;
	__le16 capacity;
	u8 own[50];
};

struct list_entry_on_wire {
	__le64 address;
	__le64 page_control;
	__le32 bytes;
	u8 own[12];
};

static_assert(sizeof(struct list_head_on_wire) == 64);
static_assert(sizeof(struct list_entry_on_wire) == 32);

/* One list; *next is the address of the one behind it. */
static int add_list(struct wd_queue *queue, struct wd_request *request, u64 at, u32 allows,
		    struct list_entry_on_wire *entries, u64 *next)
{
	struct list_head_on_wire head;
	size_t bytes;
	u32 i, count;
	int rc;

	rc = wd_copy(queue, request, at, &head, sizeof(head), false);
	if (rc)
		return rc;
	count = le16_to_cpu(head.entries);
	if (count > MOST_IN_LIST)
		return -EINVAL;
	bytes = count * sizeof(*entries);
	rc = wd_copy(queue, request, at + sizeof(head), entries, bytes, false);
	if (rc)
		return rc;
	/* The engine reads the list for itself. */
	rc = add_piece(request, at, sizeof(head), READS);
	if (!rc)
		rc = add_piece(request, at + sizeof(head), bytes, READS);
	for (i = 0; !rc && i < count; i++)
		rc = add_piece(request, le64_to_cpu(entries[i].address),
			       le32_to_cpu(entries[i].bytes), allows);
	*next = le64_to_cpu(head.next);
	return rc;
}

static int add_chain(struct wd_queue *queue, struct wd_request *request, u64 at, u32 allows)
{
	struct list_entry_on_wire *entries;
	unsigned int lists;
	int rc = 0;

	entries = kmalloc_array(MOST_IN_LIST, sizeof(*entries), GFP_KERNEL);
	if (!entries)
		return -ENOMEM;
	for (lists = 0; at && !rc && lists < MOST_LISTS; lists++)
		rc = add_list(queue, request, at, allows, entries, &at);
	kfree(entries);
	return rc;
}

static bool is_used(const struct operand *operand, const __le32 *words)
{
	u32 value;

	if (!operand->when_mask)
		return true;
	value = le32_to_cpu(words[operand->when_at]) & operand->when_mask;
	return value >= operand->when_least;
}

static int add_operand(struct wd_queue *queue, struct wd_request *request,
		       const struct operand *operand, const __le32 *words)
{
	u64 at = le32_to_cpu(words[operand->at]) | (u64)le32_to_cpu(words[operand->at + 1]) << 32;
	u64 bytes = operand->bytes_at ? le32_to_cpu(words[operand->bytes_at]) : operand->bytes;

	if (!is_used(operand, words))
		return 0;
	if (operand->listed && (le32_to_cpu(words[LISTS_AT]) & LISTS_MASK))
		return add_chain(queue, request, at, operand->allows);
	return add_piece(request, at, bytes, operand->allows);
}

static void release_request(struct kref *ref)
{
	struct wd_request *request = container_of(ref, struct wd_request, ref);

	kvfree(request->pieces);
	kfree(request);
}

void wd_request_put(struct wd_request *request)
{
	kref_put(&request->ref, release_request);
}

void wd_request_get(struct wd_request *request)
{
	kref_get(&request->ref);
}

/*
 * What @descriptor allows. Where a list cannot be followed it is less than the
 * client meant, and the engine will find that out.
 */
struct wd_request *wd_request_create(struct wd_queue *queue, const __le32 *descriptor)
{
	struct wd_request *request = kzalloc(sizeof(*request), GFP_KERNEL_ACCOUNT);
	unsigned int i;
	int rc = 0;

	if (!request)
		return NULL;
	kref_init(&request->ref);
	for (i = 0; i < operands_of(queue->device) && rc != -ENOMEM; i++)
		rc = add_operand(queue, request, &zip_operands[i], descriptor);
	if (rc != -ENOMEM)
		return request;
	wd_request_put(request);
	return NULL;
}

static bool holds(const struct piece *piece, u64 at, u64 bytes, u32 needed)
{
	u64 from = at - piece->at;
	u64 end;

	return (piece->allows & needed) && at >= piece->at &&
	       !check_add_overflow(from, bytes, &end) && end <= piece->bytes;
}

/* A reference, if the request allows this. Under the device's lock. */
bool wd_request_get_for(struct wd_request *request, u64 at, u64 bytes, bool write)
{
	u32 i;

	for (i = 0; i < request->count; i++) {
		u32 place = request->hint + i;

		if (place >= request->count)
			place -= request->count;
		if (!holds(&request->pieces[place], at, bytes, write ? WRITES : READS))
			continue;
		request->hint = place;
		kref_get(&request->ref);
		return true;
	}
	return false;
}

void wd_request_revoke(struct wd_request *request)
{
	WRITE_ONCE(request->revoked, true);
}

bool wd_request_revoked(const struct wd_request *request)
{
	return READ_ONCE(request->revoked);
}

/* Something of it is being copied. */
bool wd_request_busy(const struct wd_request *request)
{
	return kref_read(&request->ref) > 1;
}
