// SPDX-License-Identifier: GPL-2.0-or-later
/* policy_fuzz.c -- lines of policies: what is taken, prints as what is taken again. */

#include <stdio.h>

#include "core/policy.h"
#include "text.h"

/* "[section]" and "key = value" lines; a splitter as simple as that. */
static void feed(struct policies *set, char *text)
{
	char *section = text + strlen(text), *line, *rest = text;
	struct policy_error error;
	unsigned int n = 0;

	while ((line = strsep(&rest, "\n"))) {
		char *value = strchr(line, '=');
		int err;

		n++;
		if (*line == '[') {
			section = line + 1;
			section[strcspn(section, "]")] = '\0';
			continue;
		}
		if (!value)
			continue;
		*value++ = '\0';
		memset(&error, 0, sizeof(error));
		err = policies_line(set, section, line, value, "file", n, &error);
		must(err <= 0 && (!err || err == -2 || (error.line == n && error.reason[0])));
	}
}

static void print(const struct policies *set, struct policies *again)
{
	static char buf[2 * POLICY_TEXT_MAX];
	struct policy_error error;
	const char *key;

	for (size_t i = 0; i < set->n; i++) {
		const struct policy *p = &set->items[i];

		must(!policies_add(again, p->name, p->file, p->line, &error));
		for (size_t j = 0; j < p->n_matches; j++) {
			key = policy_match_text(&p->matches[j], buf, sizeof(buf));
			must(!policies_set(again, key, buf, "", 1, &error));
		}
		for (size_t j = 0; j < p->n_mappings; j++) {
			key = policy_mapping_text(&p->mappings[j], buf, sizeof(buf));
			must(!policies_set(again, key, buf, "", 1, &error));
		}
		for (size_t j = 0; (key = policy_setting(p, j, buf, sizeof(buf))); j++)
			must(!policies_set(again, key, buf, "", 1, &error));
	}
}

static void compare(const struct policies *a, const struct policies *b)
{
	must(a->n == b->n);
	for (size_t i = 0; i < a->n; i++) {
		must(!memcmp(&a->items[i].settings, &b->items[i].settings,
			     sizeof(struct policy_settings)));
		must(a->items[i].n_matches == b->items[i].n_matches);
		must(a->items[i].n_mappings == b->items[i].n_mappings);
	}
}

static void use(const struct policies *set)
{
	struct policy_process process = { .cgroup = "/a/b", .exe = "/bin/x", .cmdline = "x -y",
					  .unit = "x.service", .user = "root", .uid = 0,
					  .pid = 1, .run = "a" };
	struct policy_vma vma = { .what = POLICY_FILE, .name = "/srv/x", .start = 1 << 20,
				  .end = 1 << 22 };
	struct policy_facts facts = { .capacity_bytes = 1 << 30 };
	const struct policy *policy = policies_find(set, &process);
	struct policy_error error;

	policies_check(set, &facts, &error);
	for (uint64_t at = vma.start, end; policy && at < vma.end; at = end) {
		policy_place(policy, &vma, at, &end);
		must(end > at && end <= vma.end);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policies set = { 0 }, again = { 0 };
	char *text = text_of(data, size);

	feed(&set, text);
	print(&set, &again);
	compare(&set, &again);
	use(&set);
	policies_free(&set);
	policies_free(&again);
	free(text);
	return 0;
}
