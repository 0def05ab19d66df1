/* SPDX-License-Identifier: GPL-2.0-or-later */
/* policy.h -- what an administrator wants: which tenants, which mappings, which share. */
#ifndef RAMIFY_CORE_POLICY_H
#define RAMIFY_CORE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One parser for files, API and `ramify run`: all of them reduce to settings, key and
 * value, of one named policy. Who calls splits the text (the daemon by inih, the API by
 * json-c); what a key means, which values it takes and what contradicts what is said here
 * alone.
 *
 *	[policy NAME]		NAME: letters, digits, '-', '_', '.', at most 63
 *
 *	which processes: each key that is given must match; a key given twice matches either
 *	cgroup   = GLOB		path below /sys/fs/cgroup, begins with '/'; '*' matches '/' too
 *	unit     = GLOB		systemd's unit, such as redis-server.service
 *	machine  = GLOB		systemd-machined's name of a VM or container
 *	exe      = GLOB		path of the executable
 *	cmdline  = GLOB		arguments, joined by blanks
 *	user     = NAME|UID
 *	pid      = PID
 *
 *	who besides root may put programs into it by `ramify run`, whatever the keys above say
 *	run      = NAME|UID|*
 *
 *	which of their mappings, and where these belong: the first that matches holds
 *	mapping  = WHAT TIER	TIER: auto, fast, slow, or leave: not managed
 *		WHAT: heap | stack | anon | anon:GLOB (named, where the kernel has names)
 *		      shared | shared:GLOB | memfd | memfd:GLOB | file:GLOB | range:START-END
 *
 *	what they get
 *	tier     = auto|fast|slow	of what no mapping line names	(auto)
 *	fast-min = SIZE|PERCENT%	of resident; guaranteed		(0)
 *	fast-max = SIZE|PERCENT%	of resident; never more		(100%)
 *	weight   = 1...10000		for what is left to divide	(100)
 *	write-weight = auto|1...8	a write counts for so many reads (1); auto: as measured
 *	rate     = SIZE			a second, moved for each tenant	(0: no limit of its own)
 *	huge     = whole|split		split: where heat is concentrated (whole)
 *	numa-balancing = keep|off					(keep)
 *	interleave = no|yes		`ramify run`: new pages on fast and slow nodes in turn (no)
 *	dry-run  = yes|no		plan, show, move nothing	(no)
 *
 * SIZE is a number with an optional k, M, G, T (powers of 1024; "MiB" and "MB" as in
 * `ramify`: MB is 10^6). Fractions are allowed: 1.5G, 12.5%.
 */

#define POLICY_NAME_MAX 63
#define POLICY_TEXT_MAX 4095	/* of one value */
#define POLICY_ITEMS_MAX 256	/* matches, or mappings, of one policy */
#define POLICY_COUNT_MAX 65536	/* policies of one set */

enum policy_tier { POLICY_TIER_AUTO, POLICY_TIER_FAST, POLICY_TIER_SLOW, POLICY_TIER_LEAVE };
enum policy_huge { POLICY_HUGE_WHOLE, POLICY_HUGE_SPLIT };
enum policy_numab { POLICY_NUMAB_KEEP, POLICY_NUMAB_OFF };

enum policy_key {
	POLICY_CGROUP, POLICY_UNIT, POLICY_MACHINE, POLICY_EXE, POLICY_CMDLINE, POLICY_USER,
	POLICY_PID, POLICY_RUN,
};

enum policy_what {
	POLICY_HEAP, POLICY_STACK, POLICY_ANON, POLICY_SHARED, POLICY_MEMFD, POLICY_FILE,
	POLICY_RANGE,
};

/** Bytes, or a share of the resident set in hundredths of a percent: 10000 is all. */
struct policy_amount {
	bool relative;
	uint64_t value;
};

/** What a tenant gets. All of it is plain data: copy it as you like. */
struct policy_settings {
	struct policy_amount fast_min, fast_max;
	uint64_t rate_bytes;		/* a second; 0: no limit of its own */
	uint32_t weight;
	uint8_t write_weight;		/* 1...8; 0: as measured */
	enum policy_tier tier;		/* never LEAVE */
	enum policy_huge huge;
	enum policy_numab numa_balancing;
	bool interleave;
	bool dry_run;
};

struct policy_match {
	enum policy_key key;
	char *text;			/* the glob, the name, the number */
	uint32_t id;			/* POLICY_PID; of users when text is a number */
	bool numeric;			/* id is set */
	unsigned int line;		/* of the policy's file; 0: in no file */
};

struct policy_mapping {
	enum policy_what what;
	char *glob;			/* NULL: any */
	uint64_t start, end;		/* POLICY_RANGE; end is exclusive */
	enum policy_tier tier;
};

struct policy {
	char *name;
	char *file;			/* where it begins; "" if in no file */
	unsigned int line;
	struct policy_match *matches;
	size_t n_matches;
	struct policy_mapping *mappings;
	size_t n_mappings;
	struct policy_settings settings;
	uint32_t given;			/* single settings that were given: one bit each */
};

/** All policies, in the order in which they are tried. */
struct policies {
	struct policy *items;
	size_t n;
};

/** What is wrong, and where. @line 0: not of one line. */
struct policy_error {
	char file[256];
	unsigned int line;
	char reason[256];		/* one line, without file and line; printable ASCII */
};

/** The settings of a tenant that no policy names anything for. */
struct policy_settings policy_defaults(void);

/** Begin policy @name. @file and @line are kept for messages. -EEXIST if there is one
 *  (@error says where), -EINVAL for a bad name, -E2BIG, -ENOMEM; @error is set. */
int policies_add(struct policies *set, const char *name, const char *file, unsigned int line,
		 struct policy_error *error);

/** One setting of the policy that was added last. A setting other than a match or mapping
 *  may be given once. -EINVAL, -E2BIG, -ENOMEM; @error is set, and @set is as before. */
int policies_set(struct policies *set, const char *key, const char *value, const char *file,
		 unsigned int line, struct policy_error *error);

/** Is there such a key of a policy? */
bool policy_takes(const char *key);

/** The whole of one line of a file as inih hands it out: @section is "policy NAME". A new
 *  section adds a policy. A section of another name is -ENOENT: not for us, and no error
 *  is set (the daemon has sections of its own). Else as policies_set(). */
int policies_line(struct policies *set, const char *section, const char *key, const char *value,
		  const char *file, unsigned int line, struct policy_error *error);

/** What --check knows of the machine. */
struct policy_facts {
	uint64_t capacity_bytes;	/* of DRAM that can be shared out; 0: not known */
	bool sees_writes;		/* some sampler can tell writes from reads */
};

/** Do they hold together? A policy that matches nothing, minimum > maximum, the sum of the
 *  minima in bytes (each policy counted once: more tenants can only make it worse) above
 *  the capacity, a write-weight where nothing sees writes. -EINVAL; @error names file and
 *  line of the policy at fault. */
int policies_check(const struct policies *set, const struct policy_facts *facts,
		   struct policy_error *error);

void policies_free(struct policies *set);

/** A process as policies see it. NULL or -1 where it has none, or it is not known: then no
 *  match on it holds. */
struct policy_process {
	const char *cgroup, *unit, *machine, *exe, *cmdline, *user;
	int64_t uid, pid;
	const char *run;		/* the policy that its scope names, see scope.h */
	const char *run_user;		/* whose the scope is */
	int64_t run_uid;
};

/** The one that it was started with, if its user may; else the first that matches, or NULL. */
const struct policy *policies_find(const struct policies *set,
				   const struct policy_process *process);
bool policy_matches(const struct policy *policy, const struct policy_process *process);
/** What any of them matches by: a bit for each enum policy_key. */
unsigned int policies_keys(const struct policies *set);
/** Is it in this policy because it was started so? */
bool policy_runs(const struct policy *policy, const struct policy_process *process);
/** NULL: there is none of that name. */
const struct policy *policies_named(const struct policies *set, const char *name);

/** A mapping as policies see it. @what is what it is: never POLICY_RANGE. */
struct policy_vma {
	enum policy_what what;
	const char *name;		/* of anon, shared, memfd; path of file; NULL: none */
	uint64_t start, end;
};

/**
 * Where a part of a mapping belongs: from *@start to *@ret_end the answer is the same (a
 * range: line may cut a mapping). Lines first; then what is managed by itself: heap, stack,
 * anon, shared and memfd by the policy's tier, files are left.
 */
enum policy_tier policy_place(const struct policy *policy, const struct policy_vma *vma,
			      uint64_t start, uint64_t *ret_end);

/** Bytes of an amount. */
uint64_t policy_bytes(struct policy_amount amount, uint64_t resident_bytes);

/** A setting as `key = value` lines print it: for the API, `policy show`. The number of
 *  settings is fixed; @index from 0 until it returns NULL (the key's name). Never touches
 *  matches and mappings. */
const char *policy_setting(const struct policy *policy, size_t index, char *buf, size_t size);
/** The same for a match or mapping line. */
const char *policy_match_text(const struct policy_match *match, char *buf, size_t size);
const char *policy_mapping_text(const struct policy_mapping *mapping, char *buf, size_t size);

/** The word for a value. */
const char *policy_tier_name(enum policy_tier tier);

#endif
