// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices: what a driver calls.
 */
#include <linux/bits.h>
#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "probe.h"
#include "state.h"

/* By minor number. A device leaves it when it is removed. */
static DEFINE_XARRAY_ALLOC(devices);

/*
 * A device that has a node with this number, or NULL. Hand it back by
 * put_device(). By number and not by the inode's cdev: a node that was made by
 * hand leads to the device which has the number now, even while somebody still
 * holds a queue of the one that had it before.
 */
struct uacce_device_state *uacce_device_get(unsigned int minor)
{
	struct uacce_device_state *device;

	xa_lock(&devices);
	device = xa_load(&devices, minor);
	if (device)
		get_device(&device->uacce.dev);
	xa_unlock(&devices);
	return device;
}

static void free_device(struct device *dev)
{
	struct uacce_device *uacce = container_of(dev, struct uacce_device, dev);
	struct uacce_device_state *device = device_state(uacce);

	ida_destroy(&device->slots);
	mutex_destroy(&uacce->mutex);
	kfree(device);
}

/*
 * Asks for what SVA needs: page faults of the device first, as sharing tables
 * builds on them. Newer kernels do so when a queue is bound; there it is enough
 * that an IOMMU stands before the device at all.
 */
static int enable_sva(struct device *parent)
{
#if IOMMU_FEATURES_ARE_ENABLED_BY_USERS
	int ret;

	ret = iommu_dev_enable_feature(parent, IOMMU_DEV_FEAT_IOPF);
	if (ret)
		return ret;
	ret = iommu_dev_enable_feature(parent, IOMMU_DEV_FEAT_SVA);
	if (ret)
		iommu_dev_disable_feature(parent, IOMMU_DEV_FEAT_IOPF);
	return ret;
#else
	return device_iommu_mapped(parent) ? 0 : -ENODEV;
#endif
}

static void disable_sva(struct device *parent)
{
#if IOMMU_FEATURES_ARE_ENABLED_BY_USERS
	iommu_dev_disable_feature(parent, IOMMU_DEV_FEAT_SVA);
	iommu_dev_disable_feature(parent, IOMMU_DEV_FEAT_IOPF);
#endif
}

/* How the device shares virtual addresses, and what flags tell of it. */
static void negotiate_sva(struct uacce_device_state *device,
			  const struct uacce_interface *interface)
{
	struct uacce_device *uacce = &device->uacce;
	int ret;

	uacce->flags = interface->flags & ~(UACCE_DEV_SVA | UACCE_DEV_SVA_SOFT);
	if (interface->flags & UACCE_DEV_SVA_SOFT) {
		device->soft = container_of(interface->ops, struct uacce_soft_ops, ops);
		uacce->flags |= UACCE_DEV_SVA;
	} else if (interface->flags & UACCE_DEV_SVA) {
		ret = enable_sva(uacce->parent);
		device->bound = !ret;
		if (ret)
			dev_warn(uacce->parent, "no shared virtual addresses: %pe\n", ERR_PTR(ret));
		else
			uacce->flags |= UACCE_DEV_SVA;
	}
}

/**
 * uacce_alloc() - make a device, not yet seen by anybody
 * @parent: the device that does the work
 * @interface: name, flags and operations. The operations must live until
 *	uacce_remove(); the rest is copied
 *
 * The driver fills in algs, api_ver, qf_pg_num, is_vf and priv of what it gets
 * and goes on with uacce_register(), or gives up with uacce_remove().
 *
 * Return: the device, whose flags tell what was granted of those asked for;
 * or an error pointer.
 */
struct uacce_device *uacce_alloc(struct device *parent, struct uacce_interface *interface)
{
	struct uacce_device_state *device;
	struct uacce_device *uacce;
	int ret;

	if (!parent || !interface->ops)
		return ERR_PTR(-EINVAL);
	device = kzalloc(sizeof(*device), GFP_KERNEL);
	if (!device)
		return ERR_PTR(-ENOMEM);
	uacce = &device->uacce;
	uacce->parent = parent;
	uacce->ops = interface->ops;
	ida_init(&device->slots);
	mutex_init(&uacce->mutex);
	INIT_LIST_HEAD(&uacce->queues);

	/* From here on put_device() frees it. */
	device_initialize(&uacce->dev);
	uacce->dev.class = uacce_class;
	uacce->dev.groups = uacce_device_groups;
	uacce->dev.parent = parent;
	uacce->dev.release = free_device;

	/* Empty until it is registered: nobody finds it before. */
	ret = xa_alloc(&devices, &uacce->dev_id, NULL, XA_LIMIT(0, MINORMASK - 1), GFP_KERNEL);
	if (ret < 0)
		goto put;
	uacce->dev.devt = uacce_first_devt + uacce->dev_id;
	ret = dev_set_name(&uacce->dev, "%.*s-%u", UACCE_MAX_NAME_SIZE, interface->name,
			   uacce->dev_id);
	if (ret)
		goto erase;
	negotiate_sva(device, interface);
	return uacce;

erase:
	xa_erase(&devices, uacce->dev_id);
put:
	put_device(&uacce->dev);
	return ERR_PTR(ret);
}
EXPORT_SYMBOL_GPL(uacce_alloc);

/**
 * uacce_register() - show a device to user space
 * @uacce: from uacce_alloc()
 *
 * It can be opened before this returns.
 *
 * Return: 0 or an error. Then nothing of it is to be seen, and uacce_remove()
 * is still to be called.
 */
int uacce_register(struct uacce_device *uacce)
{
	struct uacce_device_state *device;
	int ret;

	if (!uacce)
		return -ENODEV;
	device = device_state(uacce);
	if (uacce->qf_pg_num[UACCE_QFRT_MMIO] > UACCE_REGION_PAGES_MAX ||
	    uacce->qf_pg_num[UACCE_QFRT_DUS] > UACCE_REGION_PAGES_MAX)
		return -EINVAL;

	/* Part of the device, which it keeps alive while nodes are open. */
	cdev_init(&device->cdev, &uacce_fops);
	device->cdev.owner = THIS_MODULE;

	/* Cannot fail: its place is reserved. */
	xa_store(&devices, uacce->dev_id, device, GFP_KERNEL);
	ret = cdev_device_add(&device->cdev, &uacce->dev);
	if (ret) {
		xa_store(&devices, uacce->dev_id, NULL, GFP_KERNEL);
		return ret;
	}
	uacce->cdev = &device->cdev;
	return 0;
}
EXPORT_SYMBOL_GPL(uacce_register);

/**
 * uacce_remove() - take a device away from everybody
 * @uacce: from uacce_alloc(), or NULL
 *
 * When it returns no operation of the driver runs or will be called, no client
 * has a page of it mapped, and the driver can be unloaded. Queues that are open
 * stay so, dead: calls fail with ENXIO, poll() tells EPOLLHUP, a touch of what
 * was mapped is SIGBUS.
 */
void uacce_remove(struct uacce_device *uacce)
{
	struct uacce_device_state *device;
	struct uacce_queue *q;

	if (!uacce)
		return;
	device = device_state(uacce);

	/* Waits for those who read from sysfs. */
	if (uacce->cdev)
		cdev_device_del(uacce->cdev, &uacce->dev);
	xa_erase(&devices, uacce->dev_id);

	/* Whoever is past open's search finds that there is no parent. */
	mutex_lock(&uacce->mutex);
	list_for_each_entry(q, &uacce->queues, list)
		uacce_queue_end(queue_state(q));
	if (device->bound)
		disable_sva(uacce->parent);
	uacce->ops = NULL;
	uacce->parent = NULL;
	mutex_unlock(&uacce->mutex);

	put_device(&uacce->dev);
}
EXPORT_SYMBOL_GPL(uacce_remove);
