// SPDX-License-Identifier: GPL-2.0-only
/* ramify_fault.c -- for tests: makes the kernel's answers bad at a chosen moment. */

#include <linux/ioport.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/linkage.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

static unsigned long long claim_start, claim_size;
module_param(claim_start, ullong, 0400);
module_param(claim_size, ullong, 0400);
MODULE_PARM_DESC(claim_size, "bytes from claim_start that are somebody else's while this is loaded");

#define MAX_FAULTS 2

/* For each function: which, and from the value of the same place how. */
static char *function[MAX_FAULTS];
static unsigned int n;
module_param_array(function, charp, &n, 0400);
MODULE_PARM_DESC(function, "kernel functions that fail");

static int call[MAX_FAULTS] = { 1, 1 }, times[MAX_FAULTS] = { 1, 1 };
static int error[MAX_FAULTS] = { 12, 12 };
module_param_array(call, int, NULL, 0400);
MODULE_PARM_DESC(call, "which call of it fails first, from 1");
module_param_array(times, int, NULL, 0400);
MODULE_PARM_DESC(times, "how many calls in a row fail");
module_param_array(error, int, NULL, 0400);
MODULE_PARM_DESC(error, "errno that it then returns; 0 for a function that returns a pointer");

static char *from = "";
module_param(from, charp, 0400);
MODULE_PARM_DESC(from, "the module whose calls count, if not everybody's");

static bool kill;
module_param(kill, bool, 0400);
MODULE_PARM_DESC(kill, "kill -9 who calls it then");

static int seen[MAX_FAULTS];
module_param_array(seen, int, &n, 0400);
MODULE_PARM_DESC(seen, "calls seen so far");

static struct kprobe probes[MAX_FAULTS];

/* Where a function that is to fail goes on instead: its caller's next instruction. */
asmlinkage void fault_return(void);
asm(".pushsection .text, \"ax\"\n"
    ".type fault_return, @function\n"
    "fault_return:\n"
    ASM_ENDBR
    ASM_RET
    ".size fault_return, .-fault_return\n"
    ".popsection");

/* At the first instruction the stack has the way back on top. */
static bool counts(const struct pt_regs *regs)
{
	char caller[KSYM_SYMBOL_LEN], *module;

	if (!*from)
		return true;
	sprint_symbol(caller, *(unsigned long *)regs->sp);
	module = strchr(caller, '[');
	return module && !strncmp(module + 1, from, strlen(from)) && module[strlen(from) + 1] == ']';
}
NOKPROBE_SYMBOL(counts);

static int fail_call(struct kprobe *p, struct pt_regs *regs)
{
	int i = p - probes;

	if (!counts(regs))
		return 0;
	seen[i]++;
	if (seen[i] < call[i] || seen[i] >= call[i] + times[i])
		return 0;
	if (kill)
		send_sig(SIGKILL, current, 1);
	regs->ax = -error[i];
	regs->ip = (unsigned long)fault_return;
	return 1;
}
NOKPROBE_SYMBOL(fail_call);

static struct resource *claim;

static void fault_end(unsigned int registered)
{
	while (registered--)
		unregister_kprobe(&probes[registered]);
	if (claim)
		release_mem_region(claim_start, claim_size);
}

static int __init fault_init(void)
{
	unsigned int i;
	int err = 0;

	if (claim_size) {
		claim = request_mem_region(claim_start, claim_size, "ramify_fault");
		if (!claim)
			return -EBUSY;
	}
	for (i = 0; !err && i < n; i++) {
		probes[i].symbol_name = function[i];
		probes[i].pre_handler = fail_call;
		err = register_kprobe(&probes[i]);
	}
	if (err)
		fault_end(i - 1);
	return err;
}

static void __exit fault_exit(void)
{
	fault_end(n);
}

module_init(fault_init);
module_exit(fault_exit);
MODULE_DESCRIPTION("bad answers for ramify's tests");
MODULE_LICENSE("GPL");
