// SPDX-License-Identifier: GPL-2.0-or-later
/* status.c -- what /proc/PID/status tells of a process. */

#include "status.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The text after "\nNAME:\t". */
static const char *field(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (; text; text = strchr(text, '\n'), text = text ? text + 1 : NULL) {
		if (strncmp(text, name, len) || text[len] != ':')
			continue;
		text += len + 1;
		return text + strspn(text, " \t");
	}
	return NULL;
}

static bool bytes(const char *text, const char *name, uint64_t *ret_bytes)
{
	const char *value = field(text, name);
	uint64_t kb;

	if (!value || sscanf(value, "%15" SCNu64 " kB", &kb) != 1)
		return false;
	*ret_bytes = kb << 10;
	return true;
}

/* Words of 8 hex digits with commas between them, the last one for nodes 0 to 31. */
static int parse_nodes(const char *text, uint64_t *nodes)
{
	size_t digits = 0, end = strspn(text, "0123456789abcdef,");

	while (end--) {
		unsigned int digit;

		if (text[end] == ',')
			continue;
		if (digits == STATUS_NODES / 4)
			return -EPROTO;
		digit = isdigit((unsigned char)text[end]) ? text[end] - '0' : text[end] - 'a' + 10;
		nodes[digits / 16] |= (uint64_t)digit << digits % 16 * 4;
		digits++;
	}
	return digits ? 0 : -EPROTO;
}

int status_parse(const char *text, struct status *ret_status)
{
	const char *uid = field(text, "Uid"), *nodes = field(text, "Mems_allowed");
	struct status status = { 0 };
	uint64_t resident;

	if (!uid || !nodes || sscanf(uid, "%*15u %15" SCNd64, &status.uid) != 1)
		return -EPROTO;
	if (parse_nodes(nodes, status.nodes))
		return -EPROTO;
	status.has_memory = bytes(text, "VmRSS", &resident);
	bytes(text, "VmLck", &status.locked_bytes);
	*ret_status = status;
	return 0;
}
