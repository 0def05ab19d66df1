// SPDX-License-Identifier: LGPL-2.1-or-later
/* examine.c -- what works on this system, what does not, and what would mend it. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "findings.h"
#include "value.h"

struct ramify_findings {
	struct ramify_finding *items;
	size_t n;
};

int finding_add(struct examination *ex, enum ramify_verdict verdict, const char *subject,
		const char *remedy, const char *fmt, ...)
{
	struct ramify_findings *findings = ex->findings;
	char *text = NULL, *copy = strdup(remedy);
	va_list ap;
	int err;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	err = text && copy ? array_grow(findings->items, findings->n) : -ENOMEM;
	if (err) {
		free(text);
		free(copy);
		return err;
	}
	findings->items[findings->n++] = (struct ramify_finding){
		.subject = subject,
		.verdict = verdict,
		.text = text,
		.remedy = copy,
	};
	return 0;
}

static int read_release(struct examination *ex)
{
	int err = value_text(ex->ctx, "proc/sys/kernel", "osrelease", ex->release,
			     sizeof(ex->release));

	if (!err && sscanf(ex->release, "%u.%u", &ex->major, &ex->minor) != 2)
		ex->major = ex->minor = 0;
	return err;
}

static int run_checks(struct examination *ex)
{
	static check_fn *const checks[] = {
		examine_privilege, examine_release, examine_hotplug, examine_driver, examine_scanner,
		examine_secure_boot, examine_lockdown, examine_kmem, examine_auto_online, examine_memmap,
		examine_hidden, examine_unread, examine_bad_list, examine_regions, examine_devices,
		examine_records, examine_unfinished, examine_tiers, examine_ratio, examine_tiering,
	};
	int err = read_release(ex);

	for (size_t i = 0; !err && i < sizeof(checks) / sizeof(checks[0]); i++)
		err = checks[i](ex);
	return err;
}

int ramify_examine(struct ramify *ctx, struct ramify_findings **ret_findings)
{
	struct examination ex = { .ctx = ctx };
	int err = ramify_system_read(ctx, &ex.sys);

	if (err)
		return err;
	ex.findings = calloc(1, sizeof(*ex.findings));
	err = ex.findings ? iomem_read(ctx, &ex.iomem) : -ENOMEM;
	if (!err)
		err = run_checks(&ex);
	iomem_free(&ex.iomem);
	ramify_system_free(ex.sys);
	if (err) {
		ramify_findings_free(ex.findings);
		return err == -ENOMEM ? fail(ctx, err, "out of memory") : err;
	}
	*ret_findings = ex.findings;
	return 0;
}

void ramify_findings_free(struct ramify_findings *findings)
{
	if (!findings)
		return;
	for (size_t i = 0; i < findings->n; i++) {
		free((char *)findings->items[i].text);
		free((char *)findings->items[i].remedy);
	}
	free(findings->items);
	free(findings);
}

const struct ramify_finding *ramify_next_finding(const struct ramify_findings *findings,
						 const struct ramify_finding *prev)
{
	const struct ramify_finding *next = prev ? prev + 1 : findings->items;

	return next == findings->items + findings->n ? NULL : next;
}
