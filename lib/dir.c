// SPDX-License-Identifier: LGPL-2.1-or-later
/* dir.c -- the names in a directory. */

#include "dir.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "value.h"

static int open_dir(const struct ramify *ctx, const char *path, DIR **ret_dir)
{
	int fd = openat(ctx->root_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	*ret_dir = fdopendir(fd);
	if (!*ret_dir) {
		int err = -errno;

		close(fd);
		return err;
	}
	return 0;
}

static int add_name(struct dir_list *list, const char *name)
{
	int err = array_grow(list->names, list->n);

	if (err)
		return err;
	list->names[list->n] = strdup(name);
	if (!list->names[list->n])
		return -ENOMEM;
	list->n++;
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

static int collect(DIR *dir, const char *prefix, struct dir_list *list)
{
	size_t len = strlen(prefix);
	struct dirent *entry;
	int err;

	for (errno = 0; (entry = readdir(dir)); errno = 0) {
		const char *name = entry->d_name;

		if (strncmp(name, prefix, len) || !isdigit((unsigned char)name[len]))
			continue;
		err = add_name(list, name);
		if (err)
			return err;
	}
	if (errno)
		return -errno;
	if (list->n)
		qsort(list->names, list->n, sizeof(*list->names), compare_names);
	return 0;
}

int dir_list_read(struct ramify *ctx, const char *path, const char *prefix,
		  struct dir_list *ret_list)
{
	struct dir_list list = { 0 };
	DIR *dir = NULL;
	int err = open_dir(ctx, path, &dir);

	if (!err)
		err = collect(dir, prefix, &list);
	if (dir)
		closedir(dir);
	if (err && !value_untold(err)) {
		dir_list_free(&list);
		return fail(ctx, err, "cannot list %s/%s: %s", ctx->root, path, strerror(-err));
	}
	*ret_list = list;
	return 0;
}

void dir_list_free(struct dir_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->names[i]);
	free(list->names);
	*list = (struct dir_list){ 0 };
}

int dir_number(const char *name, const char *prefix, uint64_t *ret_number)
{
	size_t len = strlen(prefix);

	return strncmp(name, prefix, len) ? -EINVAL : parse_u64(name + len, ret_number);
}

bool dir_is_pair(const char *name, const char *prefix)
{
	size_t len = strlen(prefix), digits;

	if (strncmp(name, prefix, len))
		return false;
	name += len;
	digits = strspn(name, "0123456789");
	if (!digits || name[digits] != '.')
		return false;
	name += digits + 1;
	digits = strspn(name, "0123456789");
	return digits && !name[digits];
}
