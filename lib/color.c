// SPDX-License-Identifier: LGPL-2.1-or-later
/* color.c -- colours of a direct-mapped memory-side cache: which addresses share its lines. */

#include "color.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "context.h"
#include "extent.h"

#define RUN_DIR "run/ramify"
#define PARTS_MAX 65536
/* More than any text of two numbers, and of three. */
#define PAIR_MAX 32
#define NOTE_MAX 64

int color_check(const struct ramify_color *color)
{
	if (!color->of || color->of > PARTS_MAX || !color->index || color->index > color->of)
		return -EINVAL;
	return color->span_bytes && color->span_bytes % color->of == 0 ? 0 : -EINVAL;
}

int ramify_color_parse(const char *text, struct ramify_color *ret_color)
{
	const char *slash = strchr(text, '/');
	uint64_t index, of;
	char head[PAIR_MAX];

	if (!slash || (size_t)(slash - text) >= sizeof(head))
		return -EINVAL;
	memcpy(head, text, slash - text);
	head[slash - text] = '\0';
	if (parse_u64(head, &index) || parse_u64(slash + 1, &of) || !index || index > of ||
	    of > PARTS_MAX)
		return -EINVAL;
	ret_color->index = index;
	ret_color->of = of;
	return 0;
}

uint64_t color_part_bytes(const struct ramify_color *color)
{
	return color->span_bytes / color->of;
}

struct ramify_extent color_part(const struct ramify_color *color, uint64_t address)
{
	uint64_t size = color_part_bytes(color);
	struct ramify_extent part = { .size_bytes = size };

	part.start = address - address % color->span_bytes;
	if (__builtin_add_overflow(part.start, (color->index - 1) * size, &part.start))
		return (struct ramify_extent){ 0 };
	if (extent_valid(&part) && extent_last(&part) < address &&
	    __builtin_add_overflow(part.start, color->span_bytes, &part.start))
		return (struct ramify_extent){ 0 };
	return extent_valid(&part) ? part : (struct ramify_extent){ 0 };
}

bool color_holds(const struct ramify_color *color, const struct ramify_extent *extent)
{
	struct ramify_extent part = color_part(color, extent->start);

	return color->of == 1 || extent_holds(&part, extent);
}

static void note_path(const char *dax, char *path, size_t size)
{
	snprintf(path, size, RUN_DIR "/%s.color", dax);
}

int color_note(struct ramify *ctx, const char *dax, const struct ramify_color *color)
{
	char path[128], text[NOTE_MAX];
	int fd, err = 0, len;

	note_path(dax, path, sizeof(path));
	len = snprintf(text, sizeof(text), "%u/%u %" PRIu64 "\n", color->index, color->of,
		       color->span_bytes);
	fd = openat(ctx->root_fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		    0644);
	if (fd < 0)
		err = -errno;
	else if (write(fd, text, len) != len)
		err = -EIO;
	if (fd >= 0)
		close(fd);
	return err ? fail(ctx, err, "/%s cannot be written: %s", path, strerror(-err)) : 0;
}

void color_forget(struct ramify *ctx, const char *dax)
{
	char path[128];

	note_path(dax, path, sizeof(path));
	unlinkat(ctx->root_fd, path, 0);
}

int color_note_parse(const char *text, struct ramify_color *ret_color)
{
	const char *blank = strchr(text, ' ');
	struct ramify_color color = { 0 };
	char head[2 * PAIR_MAX];

	if (!blank || (size_t)(blank - text) >= sizeof(head))
		return -EINVAL;
	memcpy(head, text, blank - text);
	head[blank - text] = '\0';
	if (ramify_color_parse(head, &color) || parse_u64(blank + 1, &color.span_bytes) ||
	    color_check(&color))
		return -EINVAL;
	*ret_color = color;
	return 0;
}

int color_noted(struct ramify *ctx, const struct ramify_device *dev,
		struct ramify_color *ret_color)
{
	char path[128], text[NOTE_MAX];
	struct ramify_color color;

	note_path(dev->name, path, sizeof(path));
	if (!dev->n_extents || attr_read(ctx, path, text, sizeof(text)) ||
	    color_note_parse(text, &color))
		return -ENOENT;
	for (size_t i = 0; i < dev->n_extents; i++)
		if (!color_holds(&color, &dev->extents[i]))
			return -ENOENT;
	*ret_color = color;
	return 0;
}
