// SPDX-License-Identifier: GPL-2.0-only
/* ramify_fault.c -- for tests: makes the kernel's answers bad at a chosen moment. */

#include <linux/ioport.h>
#include <linux/kprobes.h>
#include <linux/linkage.h>
#include <linux/module.h>
#include <linux/sched/signal.h>

static unsigned long long claim_start, claim_size;
module_param(claim_start, ullong, 0400);
module_param(claim_size, ullong, 0400);
MODULE_PARM_DESC(claim_size, "bytes from claim_start that are somebody else's while this is loaded");

static char *function = "";
module_param(function, charp, 0400);
MODULE_PARM_DESC(function, "kernel function that fails");

static int call = 1, times = 1, error = 12;
module_param(call, int, 0400);
MODULE_PARM_DESC(call, "which call of it fails first, from 1");
module_param(times, int, 0400);
MODULE_PARM_DESC(times, "how many calls in a row fail");
module_param(error, int, 0400);
MODULE_PARM_DESC(error, "errno that it then returns");

static bool kill;
module_param(kill, bool, 0400);
MODULE_PARM_DESC(kill, "kill -9 who calls it then");

static int seen;
module_param(seen, int, 0400);
MODULE_PARM_DESC(seen, "calls seen so far");

/* Where a function that is to fail goes on instead: its caller's next instruction. */
asmlinkage void fault_return(void);
asm(".pushsection .text, \"ax\"\n"
    ".type fault_return, @function\n"
    "fault_return:\n"
    ASM_ENDBR
    ASM_RET
    ".size fault_return, .-fault_return\n"
    ".popsection");

static int fail_call(struct kprobe *p, struct pt_regs *regs)
{
	seen++;
	if (seen < call || seen >= call + times)
		return 0;
	if (kill)
		send_sig(SIGKILL, current, 1);
	regs->ax = -error;
	regs->ip = (unsigned long)fault_return;
	return 1;
}
NOKPROBE_SYMBOL(fail_call);

static struct kprobe probe = { .pre_handler = fail_call };
static struct resource *claim;

static int __init fault_init(void)
{
	int err = 0;

	if (claim_size) {
		claim = request_mem_region(claim_start, claim_size, "ramify_fault");
		if (!claim)
			return -EBUSY;
	}
	probe.symbol_name = function;
	if (*function)
		err = register_kprobe(&probe);
	if (err && claim)
		release_mem_region(claim_start, claim_size);
	return err;
}

static void __exit fault_exit(void)
{
	if (*function)
		unregister_kprobe(&probe);
	if (claim)
		release_mem_region(claim_start, claim_size);
}

module_init(fault_init);
module_exit(fault_exit);
MODULE_DESCRIPTION("bad answers for ramify's tests");
MODULE_LICENSE("GPL");
