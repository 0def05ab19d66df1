// SPDX-License-Identifier: LGPL-2.1-or-later
/* daxctl.c -- daxctl's configuration: devices by UUID, and what they become at boot. */

#include "daxctl.h"

#include <errno.h>
#include <string.h>

#include "array.h"
#include "config.h"
#include "context.h"

#define SECTION "reconfigure-device"
#define SECTIONS_MAX 4096

struct reader {
	struct ramify *ctx;
	struct daxctl_list list;
};

static bool is_ours(const char *section)
{
	size_t len = strlen(SECTION);

	return strncmp(section, SECTION, len) == 0 && (!section[len] || section[len] == ' ');
}

static int take_bool(struct reader *r, const struct config_item *item, bool *ret_value)
{
	bool yes = strcmp(item->value, "true") == 0;

	if (!yes && strcmp(item->value, "false") != 0)
		return config_wrong(r->ctx, item, "true or false");
	*ret_value = yes;
	return 0;
}

static int take_uuid(struct reader *r, const struct config_item *item,
		     struct daxctl_section *section)
{
	size_t len = strlen(item->value);

	if (len != 36 || strspn(item->value, "0123456789abcdefABCDEF-") != len)
		return config_wrong(r->ctx, item, "a UUID");
	strcpy(section->uuid, item->value);
	return 0;
}

static int take_mode(struct reader *r, const struct config_item *item,
		     struct daxctl_section *section)
{
	section->ram = strcmp(item->value, "system-ram") == 0;
	if (!section->ram && strcmp(item->value, "devdax") != 0)
		return config_wrong(r->ctx, item, "system-ram or devdax");
	return 0;
}

static int take_value(struct reader *r, const struct config_item *item,
		      struct daxctl_section *section)
{
	if (strcmp(item->name, "nvdimm.uuid") == 0)
		return take_uuid(r, item, section);
	if (strcmp(item->name, "mode") == 0)
		return take_mode(r, item, section);
	if (strcmp(item->name, "online") == 0)
		return take_bool(r, item, &section->online);
	if (strcmp(item->name, "movable") == 0)
		return take_bool(r, item, &section->movable);
	return fail(r->ctx, -EBADMSG, "there is no \"%.32s\" in [" SECTION "]", item->name);
}

static int take_item(void *arg, const struct config_item *item)
{
	static const struct daxctl_section fresh = { .ram = true, .online = true, .movable = true };
	struct reader *r = arg;
	struct daxctl_list *list = &r->list;
	int err;

	if (!is_ours(item->section))
		return 0;
	if (!list->n || list->items[list->n - 1].line != item->section_line) {
		if (list->n == SECTIONS_MAX)
			return fail(r->ctx, -EBADMSG, "there are too many sections");
		err = array_grow(list->items, list->n);
		if (err)
			return err;
		list->items[list->n] = fresh;
		list->items[list->n++].line = item->section_line;
	}
	return item->name ? take_value(r, item, &list->items[list->n - 1]) : 0;
}

static int finish(struct reader *r, int err, struct daxctl_list *ret_list)
{
	if (err)
		daxctl_free(&r->list);
	else
		*ret_list = r->list;
	return err;
}

int daxctl_parse(struct ramify *ctx, const char *path, const char *text,
		 struct daxctl_list *ret_list)
{
	struct reader r = { .ctx = ctx };

	return finish(&r, config_parse(ctx, path, text, take_item, &r), ret_list);
}

int daxctl_read(struct ramify *ctx, const char *path, struct daxctl_list *ret_list)
{
	struct reader r = { .ctx = ctx };

	return finish(&r, config_read(ctx, path, take_item, &r), ret_list);
}

void daxctl_free(struct daxctl_list *list)
{
	free(list->items);
	*list = (struct daxctl_list){ 0 };
}
