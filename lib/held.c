// SPDX-License-Identifier: LGPL-2.1-or-later
/* held.c -- memory that the driver holds although its device is gone. */

#include "held.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../include/uapi/ramify.h"
#include "device.h"
#include "extent.h"
#include "lines.h"
#include "value.h"
#include "word.h"

static int parse_ranges(char *text, struct held *held)
{
	char *rest = NULL;

	for (char *range = strtok_r(text, ",", &rest); range; range = strtok_r(NULL, ",", &rest)) {
		if (held->n == HELD_RANGES_MAX)
			return -ERANGE;
		if (parse_range(range, &held->ranges[held->n]))
			return -EINVAL;
		held->n++;
	}
	return held->n ? 0 : -EINVAL;
}

static int parse_node(const char *text, int *ret_node)
{
	uint64_t node;

	if (parse_u64(text, &node) || node >= NODES_MAX)
		return -EINVAL;
	*ret_node = node;
	return 0;
}

static int parse_word(char *word, struct held *held)
{
	char *value = strchr(word, '=');

	if (!value)
		return -EINVAL;
	*value++ = '\0';
	if (!strcmp(word, "state"))
		return word_state(value, &held->state);
	if (!strcmp(word, "zone"))
		return word_zone(value, &held->zone);
	if (!strcmp(word, "memmap"))
		return word_memmap(value, &held->memmap);
	if (!strcmp(word, "node"))
		return parse_node(value, &held->node);
	if (!strcmp(word, "added"))
		return parse_u64(value, &held->added_bytes);
	if (!strcmp(word, "online"))
		return parse_u64(value, &held->online_bytes);
	return 0;
}

int held_parse(char *line, struct held *ret_held)
{
	struct held held = { .state = RAMIFY_STATE_HELD, .node = -1 };
	char *rest = NULL, *word = strtok_r(line, " ", &rest);
	int err = word ? parse_ranges(word, &held) : -EINVAL;

	while (!err && (word = strtok_r(NULL, " ", &rest)))
		err = parse_word(word, &held);
	if (!err)
		*ret_held = held;
	return err;
}

static int add_held(struct ramify_system *sys, const struct held *held)
{
	struct ramify_device dev = device_unknown();
	char name[64];
	int err;

	/* As the driver's "release" takes it. */
	snprintf(name, sizeof(name), "%#llx-%#llx", (unsigned long long)held->ranges[0].start,
		 (unsigned long long)extent_last(&held->ranges[held->n - 1]));
	dev.size_bytes = 0;
	for (size_t i = 0; i < held->n; i++)
		dev.size_bytes += held->ranges[i].size_bytes;
	dev.mode = RAMIFY_MODE_HELD;
	dev.state = held->state;
	dev.zone = held->zone;
	dev.memmap = held->memmap;
	dev.node = held->node;
	dev.added_bytes = held->added_bytes;
	dev.online_bytes = held->online_bytes;
	dev.lost_bytes = dev.bad_bytes = 0;
	dev.n_extents = held->n;
	err = system_keep_text(sys, name, &dev.name);
	if (!err)
		err = system_keep_text(sys, RAMIFY_DRIVER, &dev.driver);
	if (!err)
		err = system_keep_extents(sys, held->ranges, held->n, &dev.extents);
	return err ? err : system_add_device(sys, &dev);
}

static int held_line(void *arg, char *line)
{
	struct ramify_system *sys = arg;
	struct held held;

	if (strncmp(line, "more=", 5) == 0)
		return parse_u64(line + 5, &sys->n_held_untold) ? -EBADMSG : 0;
	return held_parse(line, &held) ? -EBADMSG : add_held(arg, &held);
}

uint64_t ramify_held_untold(const struct ramify_system *sys)
{
	return sys->n_held_untold;
}

int held_read(struct reading *rd)
{
	return lines_each(rd->ctx, "sys/" RAMIFY_SYSFS_DRIVER "/held", held_line, rd->sys);
}
