// SPDX-License-Identifier: GPL-2.0-only
/* How many queues a user has open, over all devices. */
#include <linux/cred.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "wd_dummy.h"

static unsigned int user_queues = 64;
module_param(user_queues, uint, 0644);
MODULE_PARM_DESC(user_queues, "queues that one user may have open at once");

struct wd_user {
	struct list_head all;
	kuid_t uid;
	unsigned int queues;
};

static LIST_HEAD(users);
static DEFINE_MUTEX(users_lock);

static struct wd_user *find_or_create(kuid_t uid)
{
	struct wd_user *user;

	list_for_each_entry(user, &users, all)
		if (uid_eq(user->uid, uid))
			return user;
	user = kzalloc(sizeof(*user), GFP_KERNEL);
	if (!user)
		return NULL;
	user->uid = uid;
	list_add(&user->all, &users);
	return user;
}

static void drop_if_idle(struct wd_user *user)
{
	if (user->queues)
		return;
	list_del(&user->all);
	kfree(user);
}

/**
 * wd_user_charge() - a queue for the calling user
 *
 * Return: whom to give it back to, or an error: EBUSY if he has enough.
 */
struct wd_user *wd_user_charge(void)
{
	struct wd_user *user;

	mutex_lock(&users_lock);
	user = find_or_create(current_uid());
	if (!user) {
		user = ERR_PTR(-ENOMEM);
	} else if (user->queues >= READ_ONCE(user_queues)) {
		drop_if_idle(user);
		user = ERR_PTR(-EBUSY);
	} else {
		user->queues++;
	}
	mutex_unlock(&users_lock);
	return user;
}

void wd_user_release(struct wd_user *user)
{
	mutex_lock(&users_lock);
	user->queues--;
	drop_if_idle(user);
	mutex_unlock(&users_lock);
}
