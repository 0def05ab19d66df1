// SPDX-License-Identifier: LGPL-2.1-or-later
/* config.c -- files of [sections] and NAME = VALUE lines: read strictly, errors with their line. */

#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "context.h"
#include "ini/text.h"

#define FILE_MAX (64u << 10)
#define SECTION_MAX 49		/* what inih keeps of a section's name */

struct parse {
	struct ramify *ctx;
	struct ini_text text;
	config_fn fn;
	void *arg;
	int err;			/* the first failure, and where */
	unsigned int err_line;
};

static int take(void *user, const char *section, const char *name, const char *value)
{
	struct parse *p = user;
	struct config_item item = { section, name, value ? value : "",
				    p->text.line, p->text.section_line };

	if (p->err)
		return 0;
	p->err = p->fn(p->arg, &item);
	p->err_line = p->text.line;
	return !p->err;
}

/* inih is silent about a section in which there is nothing. */
static void begin_section(struct parse *p, const char *line)
{
	char section[SECTION_MAX + 1];
	size_t len = strcspn(line, "]\n");
	struct config_item item = { .section = section, .line = p->text.line,
				    .section_line = p->text.line };

	if (line[len] != ']')
		return;
	snprintf(section, sizeof(section), "%.*s", (int)len - 1, line + 1);
	p->err = p->fn(p->arg, &item);
	p->err_line = p->text.line;
}

static char *next_line(char *buf, int size, void *stream)
{
	struct parse *p = stream;
	char *line = p->err ? NULL : ini_text_line(buf, size, &p->text);

	if (line && *line == '[')
		begin_section(p, line);
	return p->err ? NULL : line;
}

static int explain(struct parse *p, const char *path, int bad_line)
{
	struct ramify *ctx = p->ctx;
	char what[sizeof(ctx->message)];

	if (p->err == -ENOMEM)
		return fail(ctx, -ENOMEM, "out of memory");
	if (p->err && (!bad_line || (unsigned int)bad_line >= p->err_line)) {
		snprintf(what, sizeof(what), "%s", ctx->message);
		return fail(ctx, p->err, "%s/%s, line %u: %.512s", ctx->root, path, p->err_line,
			    what);
	}
	if (bad_line)
		return fail(ctx, -EBADMSG, "%s/%s, line %d is neither [SECTION] nor NAME = VALUE",
			    ctx->root, path, bad_line);
	return fail(ctx, -EBADMSG, "%s/%s, line %u is too long", ctx->root, path,
		    p->text.line);
}

int config_parse(struct ramify *ctx, const char *path, const char *text, config_fn fn, void *arg)
{
	struct parse p = { .ctx = ctx, .text.rest = text, .fn = fn, .arg = arg };
	int bad_line = ini_parse_stream(next_line, &p, take, &p);

	if (bad_line < 0)
		return fail(ctx, -ENOMEM, "out of memory");
	return p.err || bad_line || p.text.too_long ? explain(&p, path, bad_line) : 0;
}

int config_read(struct ramify *ctx, const char *path, config_fn fn, void *arg)
{
	char *text = malloc(FILE_MAX);
	int err;

	if (!text)
		return -ENOMEM;
	err = attr_read(ctx, path, text, FILE_MAX);
	if (!err)
		err = config_parse(ctx, path, text, fn, arg);
	else if (err == -EBADMSG)
		fail(ctx, err, "%s/%s is no text: it has a zero byte in it", ctx->root, path);
	else if (err == -EFBIG)
		err = fail(ctx, -EBADMSG, "%s/%s is longer than %u KiB", ctx->root, path,
			   FILE_MAX >> 10);
	else if (err == -ENXIO)
		err = fail(ctx, -EBADMSG, "%s/%s is no regular file", ctx->root, path);
	else if (err != -ENOENT)
		fail(ctx, err, "%s/%s cannot be read: %s", ctx->root, path, strerror(-err));
	free(text);
	return err;
}

int config_wrong(struct ramify *ctx, const struct config_item *item, const char *wanted)
{
	char shown[48];
	size_t i;

	for (i = 0; i < sizeof(shown) - 1 && item->value[i]; i++)
		shown[i] = isprint((unsigned char)item->value[i]) ? item->value[i] : '?';
	shown[i] = '\0';
	return fail(ctx, -EBADMSG, "%s is %s, not \"%s\"", item->name, wanted, shown);
}

int config_backward(struct ramify *ctx, const struct config_item *item)
{
	return fail(ctx, -EBADMSG, "%s = %.64s ends before it starts", item->name, item->value);
}
