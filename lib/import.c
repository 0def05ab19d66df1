// SPDX-License-Identifier: LGPL-2.1-or-later
/* import.c -- what daxctl's configuration says about devices becomes records of ours. */

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "context.h"
#include "daxctl.h"
#include "target.h"

/* Where daxctl has looked, from its first version with a configuration on. */
#define FILE_PATH "etc/daxctl.conf"
#define DIR_PATH "etc/daxctl.conf.d"

struct import {
	struct ramify *ctx;
	ramify_settled_fn told;
	void *arg;
	size_t n_sections;
	int first_err;
	char first[2048];
};

static void tell(struct import *im, const char *device, int err, const char *text)
{
	if (err && !im->first_err) {
		im->first_err = err;
		snprintf(im->first, sizeof(im->first), "%s", text);
	}
	if (im->told)
		im->told(im->arg, device, err, text);
}

static int keep(struct import *im, const struct daxctl_section *s, struct ramify_kept *ret_kept)
{
	struct ramify_add_options add = RAMIFY_ADD_DEFAULTS;
	struct ramify_keep_options o = RAMIFY_KEEP_DEFAULTS;

	o.use = s->ram ? RAMIFY_USE_RAM : RAMIFY_USE_RAW;
	if (!s->movable)
		add.zone = RAMIFY_ZONE_KERNEL;
	if (s->ram)
		o.add = &add;
	return ramify_keep(im->ctx, s->uuid, &o, ret_kept);
}

static void import_section(struct import *im, const char *path, const struct daxctl_section *s)
{
	struct ramify *ctx = im->ctx;
	char text[3 * sizeof(ctx->message) / 2], said[sizeof(ctx->message)];
	struct ramify_kept kept = { 0 };
	int err;

	*ctx->message = '\0';
	err = *s->uuid ? keep(im, s, &kept) :
	      fail(ctx, -EBADMSG, "the section has no nvdimm.uuid");
	if (err) {
		snprintf(said, sizeof(said), "%s", *ctx->message ? ctx->message : strerror(-err));
		snprintf(text, sizeof(text), "%s/%s, line %u: %s", ctx->root, path, s->line, said);
		tell(im, NULL, err, text);
		return;
	}
	snprintf(text, sizeof(text), "meant as %s%s%s%s; recorded in %s", ramify_use_name(kept.use),
		 s->ram ? " in zone " : "", s->ram ? ramify_zone_name(kept.zone) : "",
		 s->ram && !s->online ? ", online, as memory of ours always is" : "", kept.where);
	tell(im, kept.device, 0, text);
}

static void import_file(struct import *im, const char *path)
{
	struct daxctl_list list;
	int err = daxctl_read(im->ctx, path, &list);

	if (err == -ENOENT)
		return;
	if (err) {
		tell(im, NULL, err, im->ctx->message);
		return;
	}
	im->n_sections += list.n;
	for (size_t i = 0; i < list.n; i++)
		import_section(im, path, &list.items[i]);
	daxctl_free(&list);
}

static int is_conf(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return *d->d_name != '.' && len > 5 && strcmp(d->d_name + len - 5, ".conf") == 0;
}

static void import_dir(struct import *im)
{
	struct dirent **names = NULL;
	int n = scandirat(im->ctx->root_fd, DIR_PATH, &names, is_conf, alphasort);

	for (int i = 0; i < n; i++) {
		char path[sizeof(DIR_PATH) + NAME_MAX + 1];

		snprintf(path, sizeof(path), DIR_PATH "/%s", names[i]->d_name);
		import_file(im, path);
		free(names[i]);
	}
	free(names);
}

int ramify_keep_from_daxctl(struct ramify *ctx, ramify_settled_fn told, void *arg)
{
	struct import im = { .ctx = ctx, .told = told, .arg = arg };
	int err = target_need_root(ctx);

	if (err)
		return err;
	import_file(&im, FILE_PATH);
	import_dir(&im);
	if (!im.first_err && !im.n_sections)
		return fail(ctx, -ENOENT,
			    "neither /" FILE_PATH " nor /" DIR_PATH "/*.conf has a section [reconfigure-device NAME]");
	return im.first_err ? fail(ctx, im.first_err, "%s", im.first) : 0;
}
