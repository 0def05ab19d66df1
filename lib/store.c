// SPDX-License-Identifier: LGPL-2.1-or-later
/* store.c -- the directory of write-ahead records: load, durable store, remove. */

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "context.h"
#include "durable.h"
#include "state.h"

#define SUFFIX ".state"
#define FILE_MAX (1u << 20)

int state_boot(struct ramify *ctx, char boot[IDENTITY_SIZE])
{
	return attr_read(ctx, "proc/sys/kernel/random/boot_id", boot, IDENTITY_SIZE);
}

static int dir_open(struct ramify *ctx, bool create, int *ret_fd)
{
	return durable_open(ctx, "var/lib", "ramify", create, 0700, ret_fd);
}

static int file_name(const char *identity, const char *suffix, char *buf, size_t size)
{
	int len = snprintf(buf, size, "%s%s", identity, suffix);

	return len < 0 || (size_t)len >= size ? -ENAMETOOLONG : 0;
}

int state_store(struct ramify *ctx, const struct state *state)
{
	char name[NAME_MAX], *text;
	int dir, err = file_name(state->identity, SUFFIX, name, sizeof(name));

	if (!err)
		err = state_format(state, &text);
	if (err)
		return err;
	err = dir_open(ctx, true, &dir);
	if (!err) {
		err = durable_replace(dir, name, text, 0600);
		close(dir);
	}
	free(text);
	if (err)
		return fail(ctx, err, "the record /" STATE_DIR "/%s cannot be written: %s", name,
			    strerror(-err));
	return 0;
}

/* As large as a record of any device that there is. */
static int try_out(int dir)
{
	char text[16384];
	int err;

	memset(text, '\n', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	err = durable_replace(dir, ".try", text, 0600);
	return err ? err : durable_remove(dir, ".try");
}

int state_check(struct ramify *ctx)
{
	int dir, err = dir_open(ctx, true, &dir);

	if (!err) {
		err = try_out(dir);
		close(dir);
	}
	if (err)
		return fail(ctx, err,
			    "no record can be written in /" STATE_DIR ": %s; without one a crash could not be mended; nothing was changed",
			    strerror(-err));
	return 0;
}

static int load_file(struct ramify *ctx, const char *name, struct state *ret_state)
{
	char path[PATH_MAX], *text = malloc(FILE_MAX);
	int err;

	if (!text)
		return -ENOMEM;
	snprintf(path, sizeof(path), STATE_DIR "/%s", name);
	err = attr_read(ctx, path, text, FILE_MAX);
	if (!err) {
		/* attr_read() drops the last newline, which the check sum line has. */
		strcat(text, "\n");
		err = state_parse(text, strlen(text), ret_state);
	}
	free(text);
	if (err == -EBADMSG || err == -EFBIG)
		return fail(ctx, -EBADMSG, "the record /%s is damaged; look at it, then remove it",
			    path);
	return err;
}

int state_load(struct ramify *ctx, const char *identity, struct state *ret_state)
{
	struct state state;
	char name[NAME_MAX];
	int err = file_name(identity, SUFFIX, name, sizeof(name));

	if (!err)
		err = load_file(ctx, name, &state);
	if (err)
		return err;
	if (strcmp(state.identity, identity) != 0) {
		state_clear(&state);
		return fail(ctx, -EBADMSG, "the record /" STATE_DIR "/%s is of another device",
			    name);
	}
	*ret_state = state;
	return 0;
}

int state_remove(struct ramify *ctx, const char *identity)
{
	char name[NAME_MAX];
	int dir, err = file_name(identity, SUFFIX, name, sizeof(name));

	if (!err)
		err = dir_open(ctx, false, &dir);
	if (err)
		return err == -ENOENT ? 0 : err;
	err = durable_remove(dir, name);
	close(dir);
	if (err)
		return fail(ctx, err, "the record /" STATE_DIR "/%s cannot be removed: %s", name,
			    strerror(-err));
	return 0;
}

static bool is_record(const char *name)
{
	size_t len = strlen(name), tail = strlen(SUFFIX);

	return *name != '.' && len > tail && strcmp(name + len - tail, SUFFIX) == 0;
}

int state_each(struct ramify *ctx, state_fn fn, void *arg)
{
	struct dirent *entry;
	int dir, result = 0;
	DIR *stream;

	result = dir_open(ctx, false, &dir);
	if (result)
		return result == -ENOENT ? 0 : result;
	stream = fdopendir(dir);
	if (!stream) {
		close(dir);
		return -ENOMEM;
	}
	while (!result && (entry = readdir(stream))) {
		struct state state;

		if (!is_record(entry->d_name) || load_file(ctx, entry->d_name, &state))
			continue;
		result = fn(arg, &state);
		state_clear(&state);
	}
	closedir(stream);
	return result;
}
