// SPDX-License-Identifier: GPL-2.0-only
/* main.c -- ramify_scan.ko: tells which pages of a process were accessed, by its page tables. */

#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/cpufeature.h>

#include "flush.h"
#include "walk.h"

#define KNOWN_FLAGS (RAMIFY_SCAN_FULL | RAMIFY_SCAN_PEEK)

struct scanner {
	struct mutex lock;
	struct mm_struct *mm; /* its struct alone is held, not its memory */
};

/* --- bind --- */

static int mm_of(pid_t nr, struct mm_struct **ret_mm)
{
	struct pid *pid = find_get_pid(nr);
	struct task_struct *task;
	struct mm_struct *mm;

	task = get_pid_task(pid, PIDTYPE_PID);
	put_pid(pid);
	if (!task)
		return -ESRCH;
	mm = get_task_mm(task);
	put_task_struct(task);
	if (!mm)
		return -ESRCH;
	mmgrab(mm);
	mmput(mm);
	*ret_mm = mm;
	return 0;
}

static int check_version(u32 __user *where, u32 version)
{
	if (version == RAMIFY_SCAN_ABI)
		return 0;
	return put_user(RAMIFY_SCAN_ABI, where) ? -EFAULT : -EPROTONOSUPPORT;
}

static int scanner_bind(struct scanner *s, struct ramify_scan_bind __user *arg)
{
	struct ramify_scan_bind req;
	u32 size;
	int err;

	if (get_user(size, &arg->size))
		return -EFAULT;
	if (size < sizeof(req))
		return -EINVAL;
	err = copy_struct_from_user(&req, sizeof(req), arg, size);
	if (!err)
		err = check_version(&arg->version, req.version);
	if (err)
		return err;
	if (req.reserved)
		return -EINVAL;
	if (!capable(CAP_SYS_PTRACE))
		return -EPERM;
	if (s->mm)
		return -EBUSY;
	return mm_of(req.pid, &s->mm);
}

/* --- scan --- */

static int check_request(const struct ramify_scan *req)
{
	if (req->flags & ~KNOWN_FLAGS)
		return -EINVAL;
	if (!PAGE_ALIGNED(req->start) || !PAGE_ALIGNED(req->end) || req->start > req->end ||
	    req->end > TASK_SIZE_MAX)
		return -EINVAL;
	if (req->runs_max < RAMIFY_SCAN_RUNS_MIN)
		return -EINVAL;
	if (req->watch_every && req->watch_phase >= req->watch_every)
		return -EINVAL;
	return 0;
}

/* The kernel's function that tells second-level tables of a write-protection is not exported. */
static int check_watch(const struct mm_struct *mm, const struct ramify_scan *req)
{
	if (!req->watch_every)
		return 0;
	if (!IS_ENABLED(CONFIG_MEM_SOFT_DIRTY) || req->flags & RAMIFY_SCAN_PEEK ||
	    mm_has_notifiers((struct mm_struct *)mm))
		return -EOPNOTSUPP;
	return 0;
}

/* Hand on what the slice found, and see whether another one may follow. */
static int give_runs(struct runs *r, struct ramify_scan *req)
{
	u64 __user *to = u64_to_user_ptr(req->runs);

	if (copy_to_user(to + req->runs_count, r->array, r->count * sizeof(*r->array)))
		return -EFAULT;
	req->runs_count += r->count;
	r->count = 0;
	r->max = min_t(u64, r->max, req->runs_max - req->runs_count);
	return 0;
}

static int scan_slices(struct walk *w, struct ramify_scan *req)
{
	int err;

	do {
		err = mmap_read_lock_killable(w->mm);
		if (err)
			return err;
		walk_slice(w);
		mmap_read_unlock(w->mm);
		req->slices++;
		err = give_runs(w->runs, req);
		if (err)
			return err;
		/* Ours is the last reference: the process is gone, and its memory waits for us. */
		if (atomic_read(&w->mm->mm_users) == 1)
			return -ESRCH;
		cond_resched();
	} while (w->addr < w->end && runs_room(w->runs) && !signal_pending(current));
	return 0;
}

static int scan_mm(struct mm_struct *mm, struct runs *runs, struct ramify_scan *req)
{
	struct walk w = {
		.mm = mm,
		.runs = runs,
		.addr = req->start,
		.end = req->end,
		.flags = req->flags,
		.watch_every = req->watch_every,
		.watch_phase = req->watch_phase,
	};
	int err;

	req->runs_count = req->slices = req->state = 0;
	err = scan_slices(&w, req);
	if (w.cleared)
		flush_mm(mm);
	if (mm_has_notifiers(mm))
		req->state |= RAMIFY_SCAN_STATE_SECONDARY;
	req->resume = w.addr;
	req->present_pages = w.present_pages;
	req->accessed_pages = w.accessed_pages;
	req->tables = w.tables;
	return err;
}

/* With the process's memory held. */
static int scan_held(struct mm_struct *mm, struct ramify_scan *req)
{
	struct runs runs;
	int err = check_watch(mm, req);

	if (!err)
		err = runs_create(&runs, req->runs_max);
	if (err)
		return err;
	err = scan_mm(mm, &runs, req);
	runs_destroy(&runs);
	return err;
}

static int scanner_scan(struct scanner *s, struct ramify_scan __user *arg)
{
	struct ramify_scan req;
	u32 size;
	int err;

	if (get_user(size, &arg->size))
		return -EFAULT;
	if (size < sizeof(req))
		return -EINVAL;
	err = copy_struct_from_user(&req, sizeof(req), arg, size);
	if (!err)
		err = check_version(&arg->version, req.version);
	if (!err)
		err = check_request(&req);
	if (err)
		return err;
	if (!s->mm)
		return -ENXIO;
	if (!mmget_not_zero(s->mm))
		return -ESRCH;
	err = scan_held(s->mm, &req);
	/* If the process ended meanwhile, tearing down its memory is not the caller's work. */
	mmput_async(s->mm);
	if (err)
		return err;
	return copy_to_user(arg, &req, sizeof(req)) ? -EFAULT : 0;
}

/* --- the device --- */

static long scanner_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct scanner *s = file->private_data;
	int err = mutex_lock_interruptible(&s->lock);

	if (err)
		return err;
	if (cmd == RAMIFY_SCAN_IOC_BIND)
		err = scanner_bind(s, (void __user *)arg);
	else if (cmd == RAMIFY_SCAN_IOC_SCAN)
		err = scanner_scan(s, (void __user *)arg);
	else
		err = -ENOTTY;
	mutex_unlock(&s->lock);
	return err;
}

static int scanner_open(struct inode *inode, struct file *file)
{
	struct scanner *s = kzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);

	if (!s)
		return -ENOMEM;
	mutex_init(&s->lock);
	file->private_data = s;
	return nonseekable_open(inode, file);
}

static int scanner_release(struct inode *inode, struct file *file)
{
	struct scanner *s = file->private_data;

	if (s->mm)
		mmdrop(s->mm);
	kfree(s);
	return 0;
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = scanner_open,
	.release = scanner_release,
	.unlocked_ioctl = scanner_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ramify_scan",
	.mode = 0600,
	.fops = &fops,
};

static int __init scan_init(void)
{
	/* Its page tables hold the machine's frames, and only the hypervisor writes to them. */
	if (cpu_feature_enabled(X86_FEATURE_XENPV))
		return -ENODEV;
	return misc_register(&device);
}

static void __exit scan_exit(void)
{
	misc_deregister(&device);
}

module_init(scan_init);
module_exit(scan_exit);

MODULE_DESCRIPTION("which pages of a process were accessed");
MODULE_VERSION(RAMIFY_VERSION);
MODULE_AUTHOR("the ramify authors");
MODULE_LICENSE("GPL");
