// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices without hardware, to test uacce.ko with: they do no work, but watch
 * how they are called. What must never happen is a kernel warning, which fails
 * the test that runs.
 *
 *   wd_test_plain   no SVA; mmap fills both regions at once
 *   wd_test_soft    software SVA; the MMIO region is filled by faults
 *   wd_test_bare    no operation but the regions' sizes
 *   wd_test_hard    asks for hardware SVA, which is not to be had
 *   wd_test_errs    can be isolated, where the kernel's header knows of that
 *
 * They are platform devices, so that one can be removed and brought back by
 * unbind and bind in sysfs.
 */
#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "probe.h"
#include "uacce_soft.h"
#include "uacce_test_device.h"

#define PAGES 2

static bool fail_get_queue;
module_param(fail_get_queue, bool, 0644);
static bool fail_start_queue;
module_param(fail_start_queue, bool, 0644);
/* With one page mapped already. */
static bool fail_mmap;
module_param(fail_mmap, bool, 0644);

/* Over all devices. */
static atomic_t gets = ATOMIC_INIT(0);
static atomic_t puts = ATOMIC_INIT(0);

static int show_atomic(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%d\n", atomic_read(param->arg));
}

static const struct kernel_param_ops atomic_ops = { .get = show_atomic };
module_param_cb(gets, &atomic_ops, &gets, 0444);
module_param_cb(puts, &atomic_ops, &puts, 0444);

struct test_queue {
	struct page *pages[UACCE_MAX_REGION][PAGES];
	struct mm_struct *mm;
	bool started;
	bool complete;
	struct uacce_test_view view;
};

struct test_device {
	atomic_t queues;
	bool soft;
	bool removed;
};

static struct test_device *device_of(struct uacce_queue *q)
{
	struct test_device *device = q->uacce->priv;

	WARN_ON(device->removed);
	return device;
}

static void free_pages_of(struct test_queue *queue)
{
	struct page *page;
	int i;

	for (i = 0; i < UACCE_MAX_REGION * PAGES; i++) {
		page = queue->pages[i / PAGES][i % PAGES];
		if (!page)
			continue;
		/*
		 * A client that could still reach it would have one, too; unless its memory is
		 * being freed right now.
		 */
		if (page_count(page) != 1 && mmget_not_zero(queue->mm)) {
			WARN_ON(1);
			mmput_async(queue->mm);
		}
		__free_page(page);
	}
}

static int test_get_available_instances(struct uacce_device *uacce)
{
	struct test_device *device = uacce->priv;

	return 1000 - atomic_read(&device->queues);
}

static int test_get_queue(struct uacce_device *uacce, unsigned long arg, struct uacce_queue *q)
{
	struct test_device *device = uacce->priv;
	struct test_queue *queue;
	int i;

	lockdep_assert_held(&uacce->mutex);
	WARN_ON(device->removed);
	if (fail_get_queue)
		return -EBUSY;
	queue = kzalloc(sizeof(*queue), GFP_KERNEL);
	if (!queue)
		return -ENOMEM;
	for (i = 0; i < UACCE_MAX_REGION * PAGES; i++) {
		queue->pages[i / PAGES][i % PAGES] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!queue->pages[i / PAGES][i % PAGES]) {
			free_pages_of(queue);
			kfree(queue);
			return -ENOMEM;
		}
	}
	WARN_ON(device->soft && uacce_soft_mm(q) != current->mm);
	queue->mm = current->mm;
	mmgrab(queue->mm);
	queue->view.pasid = arg;
	q->priv = queue;
	atomic_inc(&device->queues);
	atomic_inc(&gets);
	return 0;
}

static void test_put_queue(struct uacce_queue *q)
{
	struct test_queue *queue = q->priv;

	lockdep_assert_held(&q->uacce->mutex);
	WARN_ON(queue->started);
	atomic_dec(&device_of(q)->queues);
	atomic_inc(&puts);
	q->priv = NULL;
	free_pages_of(queue);
	mmdrop(queue->mm);
	kfree(queue);
}

static int test_start_queue(struct uacce_queue *q)
{
	struct test_queue *queue = q->priv;

	lockdep_assert_held(&q->uacce->mutex);
	device_of(q);
	WARN_ON(queue->started);
	if (fail_start_queue)
		return -EIO;
	queue->started = true;
	queue->view.starts++;
	return 0;
}

static void test_stop_queue(struct uacce_queue *q)
{
	struct test_queue *queue = q->priv;

	lockdep_assert_held(&q->uacce->mutex);
	device_of(q);
	WARN_ON(!queue->started);
	queue->started = false;
	queue->view.stops++;
}

static int test_is_q_updated(struct uacce_queue *q)
{
	struct test_queue *queue = q->priv;

	device_of(q);
	return READ_ONCE(queue->complete);
}

/* So that vm_insert_page() may be called with mmap_lock held for reading. */
static void set_mixedmap(struct vm_area_struct *vma)
{
#if VMA_FLAGS_ARE_SET_BY_A_FUNCTION
	vm_flags_set(vma, VM_MIXEDMAP);
#else
	vma->vm_flags |= VM_MIXEDMAP;
#endif
}

/* Takes any length that uacce.ko lets pass. */
static int test_mmap(struct uacce_queue *q, struct vm_area_struct *vma,
		     struct uacce_qfile_region *qfr)
{
	struct test_queue *queue = q->priv;
	unsigned long i;
	int ret;

	if (WARN_ON(vma_pages(vma) > PAGES))
		return -EINVAL;
	set_mixedmap(vma);
	if (device_of(q)->soft && qfr->type == UACCE_QFRT_MMIO)
		return 0;
	for (i = 0; i < vma_pages(vma); i++) {
		ret = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE,
				     queue->pages[qfr->type][i]);
		if (ret)
			return ret;
		if (fail_mmap)
			return -ENOSPC;
	}
	return 0;
}

static vm_fault_t test_fault(struct uacce_queue *q, struct vm_fault *vmf, enum uacce_qfrt type)
{
	struct test_queue *queue = q->priv;
	unsigned long page = uacce_soft_page(vmf);
	int ret;

	device_of(q);
	if (type != UACCE_QFRT_MMIO || WARN_ON(page >= PAGES))
		return VM_FAULT_SIGBUS;
	queue->view.faults++;
	queue->view.pages |= BIT(page);
	/* Another thread may have been here before. */
	ret = vm_insert_page(vmf->vma, vmf->address & PAGE_MASK, queue->pages[type][page]);
	return ret && ret != -EBUSY ? VM_FAULT_SIGBUS : VM_FAULT_NOPAGE;
}

static long test_ioctl(struct uacce_queue *q, unsigned int cmd, unsigned long arg)
{
	struct test_queue *queue = q->priv;
	struct test_device *device = device_of(q);
	struct uacce_test_view view;

	switch (cmd) {
	case UACCE_TEST_VIEW:
		view = queue->view;
		view.own_mm = device->soft ? uacce_soft_mm(q) == current->mm : 2;
		return copy_to_user((void __user *)arg, &view, sizeof(view)) ? -EFAULT : 0;
	case UACCE_TEST_COMPLETE:
		WRITE_ONCE(queue->complete, true);
		wake_up_interruptible(&q->wait);
		return 0;
	case UACCE_TEST_ACK:
		WRITE_ONCE(queue->complete, false);
		return 0;
	case UACCE_TEST_ZAP:
		if (!device->soft)
			return -EINVAL;
		uacce_soft_zap(q, UACCE_QFRT_MMIO);
		return 0;
	case UACCE_TEST_SLEEP:
		msleep(arg);
		device_of(q);
		return 0;
	default:
		return -ENOTTY;
	}
}

/* Where the header has it; that of 6.1 has not. */
static bool isolation = UACCE_HAS_ISOLATION;
module_param(isolation, bool, 0444);

#if UACCE_HAS_ISOLATION
static bool isolated;
module_param(isolated, bool, 0644);
static u32 threshold;
static bool fail_threshold;
module_param(fail_threshold, bool, 0644);

static enum uacce_dev_state test_get_isolate_state(struct uacce_device *uacce)
{
	WARN_ON(((struct test_device *)uacce->priv)->removed);
	return isolated ? UACCE_DEV_ISOLATE : UACCE_DEV_NORMAL;
}

static int test_isolate_err_threshold_write(struct uacce_device *uacce, u32 number)
{
	if (fail_threshold)
		return -EBUSY;
	threshold = number;
	return 0;
}

static u32 test_isolate_err_threshold_read(struct uacce_device *uacce)
{
	return threshold;
}

#define ISOLATION_OPS                                                    \
	.get_isolate_state = test_get_isolate_state,                     \
	.isolate_err_threshold_write = test_isolate_err_threshold_write, \
	.isolate_err_threshold_read = test_isolate_err_threshold_read,
#else
#define ISOLATION_OPS
#endif

#define TEST_OPS                                                                           \
	{                                                                                  \
		.get_available_instances = test_get_available_instances,                   \
		.get_queue = test_get_queue, .put_queue = test_put_queue,                  \
		.start_queue = test_start_queue, .stop_queue = test_stop_queue,            \
		.is_q_updated = test_is_q_updated, .mmap = test_mmap, .ioctl = test_ioctl, \
	}

static const struct uacce_ops plain_ops = TEST_OPS;
static const struct uacce_ops bare_ops;
static const struct uacce_soft_ops soft_ops = { .ops = TEST_OPS, .fault = test_fault };
/* What can be told of errors, and nothing else. */
static const struct uacce_ops errs_ops = { ISOLATION_OPS };

static void remove_device(void *data)
{
	struct uacce_device *uacce = data;
	struct test_device *device = uacce->priv;

	/* Until it returns, operations may be called. */
	uacce_remove(uacce);
	WARN_ON(atomic_read(&device->queues));
	device->removed = true;
}

static int test_probe(struct platform_device *pdev)
{
	const char *name = platform_get_device_id(pdev)->name;
	struct uacce_interface interface = { .ops = &plain_ops };
	struct test_device *device;
	struct uacce_device *uacce;
	int ret;

	device = devm_kzalloc(&pdev->dev, sizeof(*device), GFP_KERNEL);
	if (!device)
		return -ENOMEM;
	strscpy(interface.name, name, sizeof(interface.name));
	if (!strcmp(name, "wd_test_soft")) {
		device->soft = true;
		interface.flags = UACCE_DEV_SVA | UACCE_DEV_SVA_SOFT;
		interface.ops = &soft_ops.ops;
	} else if (!strcmp(name, "wd_test_bare")) {
		interface.ops = &bare_ops;
	} else if (!strcmp(name, "wd_test_errs")) {
		interface.ops = &errs_ops;
	} else if (!strcmp(name, "wd_test_hard")) {
		interface.flags = UACCE_DEV_SVA;
	}

	uacce = uacce_alloc(&pdev->dev, &interface);
	if (IS_ERR(uacce))
		return PTR_ERR(uacce);
	uacce->priv = device;
	uacce->algs = "zlib\ngzip";
	uacce->api_ver = "wd_test_v1";
	uacce->qf_pg_num[UACCE_QFRT_MMIO] = PAGES;
	if (interface.ops != &bare_ops)
		uacce->qf_pg_num[UACCE_QFRT_DUS] = PAGES;
	ret = uacce_register(uacce);
	if (ret) {
		uacce_remove(uacce);
		return ret;
	}
	return devm_add_action_or_reset(&pdev->dev, remove_device, uacce);
}

static const struct platform_device_id ids[] = { { "wd_test_plain" }, { "wd_test_soft" },
						 { "wd_test_bare" },  { "wd_test_hard" },
						 { "wd_test_errs" },  {} };

static struct platform_driver test_driver = {
	.driver = { .name = "uacce_test_device" },
	.probe = test_probe,
	.id_table = ids,
};

static struct platform_device *pdevs[ARRAY_SIZE(ids) - 1];

static void __exit test_exit(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(pdevs); i++)
		platform_device_unregister(pdevs[i]);
	platform_driver_unregister(&test_driver);
}

static int __init test_init(void)
{
	int ret, i;

	ret = platform_driver_register(&test_driver);
	if (ret)
		return ret;
	for (i = 0; i < ARRAY_SIZE(pdevs); i++) {
		pdevs[i] =
			platform_device_register_simple(ids[i].name, PLATFORM_DEVID_NONE, NULL, 0);
		if (IS_ERR(pdevs[i])) {
			ret = PTR_ERR(pdevs[i]);
			while (i--)
				platform_device_unregister(pdevs[i]);
			platform_driver_unregister(&test_driver);
			return ret;
		}
	}
	return 0;
}

module_init(test_init);
module_exit(test_exit);

MODULE_DESCRIPTION("Devices to test uacce with");
MODULE_LICENSE("GPL");
