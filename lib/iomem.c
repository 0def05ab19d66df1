// SPDX-License-Identifier: LGPL-2.1-or-later
/* iomem.c -- /proc/iomem: what the kernel uses each physical address for. */

#include "iomem.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "extent.h"
#include "lines.h"

static int take_hex(const char **text, uint64_t *ret_value)
{
	unsigned long long value;
	char *end;

	if (!isxdigit((unsigned char)**text))
		return -EINVAL;
	errno = 0;
	value = strtoull(*text, &end, 16);
	if (errno)
		return -ERANGE;
	*text = end;
	*ret_value = value;
	return 0;
}

int iomem_parse(const char *line, struct iomem_entry *ret_entry)
{
	struct iomem_entry entry = { 0 };
	uint64_t last;
	int err;

	line += strspn(line, " ");
	err = take_hex(&line, &entry.range.start);
	if (!err && *line++ != '-')
		err = -EINVAL;
	if (!err)
		err = take_hex(&line, &last);
	if (err)
		return err;
	if (strncmp(line, " : ", 3))
		return -EINVAL;
	if (last < entry.range.start || last - entry.range.start == UINT64_MAX)
		return -ERANGE;
	entry.range.size_bytes = last - entry.range.start + 1;
	strncpy(entry.name, line + 3, sizeof(entry.name) - 1);
	*ret_entry = entry;
	return 0;
}

static int add_line(void *arg, char *line)
{
	struct iomem *io = arg;
	struct iomem_entry entry;
	int err;

	if (iomem_parse(line, &entry))
		return -EBADMSG;
	if (extent_last(&entry.range) == 0)
		return 0;
	err = array_grow(io->entries, io->n);
	if (err)
		return err;
	io->entries[io->n++] = entry;
	return 0;
}

int iomem_read(struct ramify *ctx, struct iomem *ret_iomem)
{
	struct iomem io = { 0 };
	int err = lines_each(ctx, "proc/iomem", add_line, &io);

	if (err) {
		iomem_free(&io);
		return err;
	}
	*ret_iomem = io;
	return 0;
}

void iomem_free(struct iomem *io)
{
	free(io->entries);
	*io = (struct iomem){ 0 };
}

const struct iomem_entry *iomem_find(const struct iomem *io, const char *name,
				     const struct ramify_extent *inner, uint64_t size_bytes)
{
	const struct iomem_entry *found = NULL;

	for (size_t i = 0; i < io->n; i++) {
		const struct iomem_entry *entry = &io->entries[i];

		if (!strcmp(entry->name, name))
			return entry;
		if (!found && inner && entry->range.size_bytes == size_bytes &&
		    extent_holds(&entry->range, inner))
			found = entry;
	}
	return found;
}
