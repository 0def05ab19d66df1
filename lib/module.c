// SPDX-License-Identifier: LGPL-2.1-or-later
/* module.c -- kernel modules: is one there, load one. */

#include "module.h"

#include <errno.h>
#include <libkmod.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "context.h"

bool module_is_loaded(struct ramify *ctx, const char *name)
{
	char path[96];

	snprintf(path, sizeof(path), "sys/module/%s", name);
	return faccessat(ctx->root_fd, path, F_OK, 0) == 0;
}

static int load(struct kmod_ctx *kmod, const char *name)
{
	struct kmod_module *module = NULL;
	struct kmod_list *list = NULL;
	int err = kmod_module_new_from_lookup(kmod, name, &list);

	if (!err && !list)
		err = -ENOENT;
	if (!err) {
		module = kmod_module_get_module(list);
		err = kmod_module_probe_insert_module(module, 0, NULL, NULL, NULL, NULL);
		kmod_module_unref(module);
	}
	kmod_module_unref_list(list);
	return err;
}

static void say_nothing(void *data, int priority, const char *file, int line, const char *fn,
			const char *format, va_list args)
{
}

/* Under another root there is nothing to load a module into. */
static int start(struct ramify *ctx, struct kmod_ctx **ret_kmod)
{
	struct kmod_ctx *kmod;

	if (*ctx->root)
		return -ENOENT;
	kmod = kmod_new(NULL, NULL);
	if (!kmod)
		return -ENOMEM;
	kmod_set_log_fn(kmod, say_nothing, NULL);
	*ret_kmod = kmod;
	return 0;
}

int module_load(struct ramify *ctx, const char *name)
{
	struct kmod_ctx *kmod;
	int err;

	if (module_is_loaded(ctx, name))
		return 0;
	err = start(ctx, &kmod);
	if (err)
		return err;
	err = load(kmod, name);
	kmod_unref(kmod);
	return err;
}

bool module_is_blacklisted(struct ramify *ctx, const char *name)
{
	struct kmod_config_iter *iter;
	struct kmod_ctx *kmod;
	bool found = false;

	if (start(ctx, &kmod) < 0)
		return false;
	iter = kmod_config_get_blacklists(kmod);
	while (iter && !found && kmod_config_iter_next(iter))
		found = strcmp(kmod_config_iter_get_key(iter), name) == 0;
	kmod_config_iter_free_iter(iter);
	kmod_unref(kmod);
	return found;
}
