// SPDX-License-Identifier: GPL-2.0-only
/*
 * wd_dummy: virtual accelerators behind uacce, whose engine is a process. For
 * running, testing and teaching the whole stack in any virtual machine.
 *
 * It has no alias: nothing but somebody's wish loads it.
 */
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "wd_dummy.h"

static struct miscdevice control = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "wd_dummy",
	.fops = &wd_engine_fops,
	.mode = 0600,
};

static int __init wd_init(void)
{
	int rc = wd_copy_init();

	if (rc)
		return rc;
	rc = misc_register(&control);
	if (rc)
		wd_copy_exit();
	return rc;
}

static void __exit wd_exit(void)
{
	misc_deregister(&control);
	wd_copy_exit();
	/*
	 * A mapping's last reference to this module is given back by a function
	 * of it, of which a few instructions are left to run.
	 */
	synchronize_rcu_tasks();
}

module_init(wd_init);
module_exit(wd_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Virtual accelerators whose engine is a process");
MODULE_VERSION("0.1.0");
