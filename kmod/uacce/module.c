// SPDX-License-Identifier: GPL-2.0-only
/*
 * uacce for kernels without it: the class, the range of device numbers, and
 * the beginning and end of the module.
 */
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/module.h>

#include "probe.h"
#include "state.h"

struct class *uacce_class;
dev_t uacce_first_devt;

static struct class *create_class(void)
{
#if CLASS_CREATE_TAKES_A_NAME_ONLY
	return class_create(UACCE_NAME);
#else
	return class_create(THIS_MODULE, UACCE_NAME);
#endif
}

static int __init uacce_init(void)
{
	int ret;

	uacce_class = create_class();
	if (IS_ERR(uacce_class)) {
		ret = PTR_ERR(uacce_class);
		if (ret == -EEXIST)
			pr_err("this kernel has uacce already\n");
		return ret;
	}
	ret = alloc_chrdev_region(&uacce_first_devt, 0, MINORMASK, UACCE_NAME);
	if (ret)
		class_destroy(uacce_class);
	return ret;
}

static void __exit uacce_exit(void)
{
	unregister_chrdev_region(uacce_first_devt, MINORMASK);
	class_destroy(uacce_class);
}

module_init(uacce_init);
module_exit(uacce_exit);

MODULE_DESCRIPTION("Queues of accelerators for user space, for kernels built without uacce");
MODULE_AUTHOR("The WarpDrive project");
MODULE_VERSION("0.1");
MODULE_LICENSE("GPL");
