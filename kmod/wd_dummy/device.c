// SPDX-License-Identifier: GPL-2.0-only
/* A device, from the engine's wish to its end. */
#include <linux/device.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "wd_dummy.h"
#ifdef UACCE_SOFT_SVA
#include "uacce_soft.h"
#else
/* Told by the attribute shared_addresses only. */
#define UACCE_DEV_SVA_SOFT 0
#endif

/*
 * Requests carry plain addresses, whatever flags of the uacce device say: the
 * kernel's own uacce knows no sharing without an IOMMU, and says 0.
 */
static ssize_t shared_addresses_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "1\n");
}
static DEVICE_ATTR_RO(shared_addresses);

static struct attribute *wd_parent_attrs[] = {
	&dev_attr_shared_addresses.attr,
	NULL,
};
ATTRIBUTE_GROUPS(wd_parent);

static void release_device(struct kref *ref)
{
	struct wd_device *device = container_of(ref, struct wd_device, ref);

	if (device->news)
		put_page(device->news);
	kvfree(device->queues);
	kfree(device);
}

void wd_device_put(struct wd_device *device)
{
	kref_put(&device->ref, release_device);
}

void wd_device_get(struct wd_device *device)
{
	kref_get(&device->ref);
}

static bool is_text(const u8 *text, size_t size)
{
	return text[0] && strnlen(text, size) < size;
}

static bool is_name(const u8 *text, size_t size)
{
	return is_text(text, size) && !strchr(text, '/') && strcmp(text, ".") && strcmp(text, "..");
}

static bool is_node(s32 node)
{
	return node == NUMA_NO_NODE || (node >= 0 && node < MAX_NUMNODES && node_online(node));
}

static bool is_possible(const struct wd_dummy_create *spec)
{
	return is_name(spec->name, sizeof(spec->name)) && is_text(spec->api, sizeof(spec->api)) &&
	       is_text(spec->algorithms, sizeof(spec->algorithms)) &&
	       (spec->format == WD_DUMMY_HISI_ZIP_V2 || spec->format == WD_DUMMY_HISI_ZIP_V3) &&
	       spec->queues >= 1 && spec->queues <= WD_DUMMY_MOST_QUEUES && spec->depth >= 2 &&
	       spec->depth <= WD_DUMMY_MOST_DEPTH &&
	       spec->register_bytes >= WD_DUMMY_DOORBELL_AT + sizeof(u64) &&
	       spec->register_bytes <= SZ_1M && IS_ALIGNED(spec->register_bytes, PAGE_SIZE) &&
	       is_node(spec->numa_node) && !spec->reserved;
}

static struct wd_device *allocate(const struct wd_dummy_create *spec)
{
	struct wd_device *device = kzalloc(sizeof(*device), GFP_KERNEL);
	size_t rings =
		(size_t)spec->depth * (WD_DUMMY_DESCRIPTOR_BYTES + WD_DUMMY_COMPLETION_BYTES);

	if (!device)
		return NULL;
	kref_init(&device->ref);
	spin_lock_init(&device->lock);
	INIT_LIST_HEAD(&device->fresh);
	init_waitqueue_head(&device->wait);
	device->spec = *spec;
	device->free = spec->queues;
	device->shared_bytes = PAGE_ALIGN(rings) + PAGE_SIZE;
	device->queues = kvcalloc(spec->queues, sizeof(*device->queues), GFP_KERNEL);
	device->news = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (device->queues && device->news)
		return device;
	wd_device_put(device);
	return NULL;
}

static int add_parent(struct wd_device *device)
{
	struct platform_device *parent;
	int rc;

	parent = platform_device_alloc("wd_dummy", PLATFORM_DEVID_AUTO);
	if (!parent)
		return -ENOMEM;
	parent->dev.groups = wd_parent_groups;
	set_dev_node(&parent->dev, device->spec.numa_node);
	rc = platform_device_add(parent);
	if (rc) {
		platform_device_put(parent);
		return rc;
	}
	device->parent = parent;
	return 0;
}

static int add_uacce(struct wd_device *device)
{
	struct uacce_interface interface = {
		.flags = UACCE_DEV_SVA_SOFT,
		.ops = wd_client_ops,
	};
	struct uacce_device *uacce;
	int rc;

	strscpy(interface.name, device->spec.name, sizeof(interface.name));
	uacce = uacce_alloc(&device->parent->dev, &interface);
	if (IS_ERR(uacce))
		return PTR_ERR(uacce);
	uacce->api_ver = device->spec.api;
	uacce->algs = device->spec.algorithms;
	uacce->priv = device;
	uacce->qf_pg_num[UACCE_QFRT_MMIO] = device->spec.register_bytes >> PAGE_SHIFT;
	uacce->qf_pg_num[UACCE_QFRT_DUS] = device->shared_bytes >> PAGE_SHIFT;
	device->spec.number = uacce->dev_id;
	rc = uacce_register(uacce);
	if (rc)
		uacce_remove(uacce);
	else
		device->uacce = uacce;
	return rc;
}

/**
 * wd_device_create() - a device that clients can open from now on
 * @spec: what it is; its answers are filled in
 *
 * Return: the device, for wd_device_end(), or an error.
 */
struct wd_device *wd_device_create(struct wd_dummy_create *spec)
{
	struct wd_device *device;
	int rc;

	if (!is_possible(spec))
		return ERR_PTR(-EINVAL);
	device = allocate(spec);
	if (!device)
		return ERR_PTR(-ENOMEM);
	rc = add_parent(device);
	if (rc)
		goto put_device;
	rc = add_uacce(device);
	if (rc)
		goto remove_parent;
	spec->number = device->spec.number;
	spec->shared_bytes = device->shared_bytes;
	return device;

remove_parent:
	platform_device_unregister(device->parent);
put_device:
	wd_device_put(device);
	return ERR_PTR(rc);
}

static struct wd_queue *next_queue(struct wd_device *device, unsigned int *from)
{
	struct wd_queue *queue = NULL;

	spin_lock(&device->lock);
	for (; *from < device->spec.queues && !queue; ++*from) {
		queue = device->queues[*from];
		if (queue)
			kref_get(&queue->ref);
	}
	spin_unlock(&device->lock);
	return queue;
}

static void forget_all(struct wd_device *device)
{
	struct wd_queue *queue;
	unsigned int from = 0;

	while ((queue = next_queue(device, &from))) {
		wd_queue_forget(queue);
		wd_queue_put(queue);
	}
}

static void stop_all(struct wd_device *device)
{
	struct wd_queue *queue;
	unsigned int from = 0;

	while ((queue = next_queue(device, &from))) {
		wd_queue_revoke(queue);
		wd_queue_show_stopped(queue);
		wd_queue_put(queue);
	}
}

/**
 * wd_device_end() - the engine is gone
 * @device: not to be used after it
 *
 * First all copies end, then clients are told, then uacce takes the queues.
 */
void wd_device_end(struct wd_device *device)
{
	struct wd_queue *queue;
	unsigned int from = 0;

	spin_lock(&device->lock);
	device->dead = true;
	spin_unlock(&device->lock);
	wake_up_all(&device->wait);
	while ((queue = next_queue(device, &from))) {
		wake_up_all(&queue->wait);
		wd_queue_put(queue);
	}
	stop_all(device);
	uacce_remove(device->uacce);
	platform_device_unregister(device->parent);
	forget_all(device);
	wd_device_put(device);
}
