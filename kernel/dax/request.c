// SPDX-License-Identifier: GPL-2.0-only
/* request.c -- parses what was written to "add". */

#include <linux/kernel.h>
#include <linux/nodemask.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "request.h"

static const char * const zone_names[] = {
	[GATE_NONE] = "none", [GATE_MOVABLE] = "movable", [GATE_KERNEL] = "kernel",
};
static const char * const memmap_names[] = { "dram", "device" };
static const char * const scrub_names[] = {
	[SCRUB_LATER] = "0", [SCRUB_FIRST] = "1", [SCRUB_ONLY] = "only",
};

const char *zone_gate_name(enum zone_gate zone)
{
	return zone_names[zone];
}

int range_parse(const char *text, struct range *ret_range)
{
	const char *dash = strchr(text, '-');
	char head[24];
	u64 start, end;

	if (!dash || dash - text >= sizeof(head))
		return -EINVAL;
	strscpy(head, text, dash - text + 1);
	if (kstrtou64(head, 0, &start) || kstrtou64(dash + 1, 0, &end) || end < start)
		return -EINVAL;
	*ret_range = (struct range){ .start = start, .end = end };
	return 0;
}

static int parse_node(struct request *req, char *value)
{
	return kstrtoint(value, 10, &req->node) || req->node < 0 ? -EINVAL : 0;
}

static int parse_zone(struct request *req, char *value)
{
	int i = match_string(zone_names, ARRAY_SIZE(zone_names), value);

	if (i >= 0)
		req->zone = i;
	return i < 0 ? -EINVAL : 0;
}

static int parse_memmap(struct request *req, char *value)
{
	int i = match_string(memmap_names, ARRAY_SIZE(memmap_names), value);

	if (i >= 0)
		req->memmap_on_device = i;
	return i < 0 ? -EINVAL : 0;
}

static int parse_adistance(struct request *req, char *value)
{
	return kstrtoint(value, 10, &req->adistance) || req->adistance <= 0 ? -EINVAL : 0;
}

static int parse_scrub(struct request *req, char *value)
{
	int i = match_string(scrub_names, ARRAY_SIZE(scrub_names), value);

	if (i >= 0)
		req->scrub = i;
	return i < 0 ? -EINVAL : 0;
}

static int range_order(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static int parse_skip(struct request *req, char *value)
{
	unsigned int max = 1;
	char *piece, *c;

	for (c = value; *c; c++)
		max += *c == ',';
	req->skip = kcalloc(max, sizeof(*req->skip), GFP_KERNEL);
	if (!req->skip)
		return -ENOMEM;
	while ((piece = strsep(&value, ",")))
		if (range_parse(piece, &req->skip[req->nr_skip++]))
			return -EINVAL;
	sort(req->skip, req->nr_skip, sizeof(*req->skip), range_order, NULL);
	return 0;
}

static const struct {
	const char *name;
	int (*parse)(struct request *req, char *value);
} options[] = {
	{ "node", parse_node },
	{ "zone", parse_zone },
	{ "memmap", parse_memmap },
	{ "adistance", parse_adistance },
	{ "scrub", parse_scrub },
	{ "skip", parse_skip },
};

static int parse_option(struct request *req, char *word)
{
	char *value = word;
	const char *name = strsep(&value, "=");
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (!strcmp(name, options[i].name))
			break;
	if (i == ARRAY_SIZE(options)) {
		pr_err("%.64s: unknown option %.64s\n", req->device, name);
		return -EINVAL;
	}
	if (req->given & BIT(i)) {
		pr_err("%.64s: option %s is given twice\n", req->device, name);
		return -EINVAL;
	}
	req->given |= BIT(i);
	err = value ? options[i].parse(req, value) : -EINVAL;
	if (err == -EINVAL)
		pr_err("%.64s: option %s: wrong value\n", req->device, name);
	return err;
}

/* Options that are right one by one and make no sense together. */
static int check_together(const struct request *req)
{
	if (req->scrub == SCRUB_ONLY && req->given & ~(BIT(4) | BIT(5))) {
		pr_err("%s: scrub=only makes no RAM, and goes with skip alone\n", req->device);
		return -EINVAL;
	}
	return 0;
}

int request_parse(const char *text, struct request *ret_req)
{
	struct request req = { .node = NUMA_NO_NODE, .zone = GATE_MOVABLE };
	char *copy = kstrdup(text, GFP_KERNEL), *rest, *word;
	int err = 0;

	if (!copy)
		return -ENOMEM;
	rest = strim(copy);
	req.device = kstrdup(strsep(&rest, " "), GFP_KERNEL);
	if (!req.device)
		err = -ENOMEM;
	while (!err && (word = strsep(&rest, " ")))
		if (*word)
			err = parse_option(&req, word);
	if (!err)
		err = check_together(&req);
	kfree(copy);
	if (err)
		request_free(&req);
	else
		*ret_req = req;
	return err;
}

void request_free(struct request *req)
{
	kfree(req->device);
	kfree(req->skip);
}
