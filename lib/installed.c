// SPDX-License-Identifier: LGPL-2.1-or-later
/* installed.c -- modules as they are on the disk, for the kernel that runs. */

#include "installed.h"

#include <errno.h>
#include <libkmod.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define CONFIG_DIRS 4

static void say_nothing(void *data, int priority, const char *file, int line, const char *fn,
			const char *format, va_list args)
{
}

static int start(struct ramify *ctx, const char *release, struct kmod_ctx **ret_kmod)
{
	static const char *const places[CONFIG_DIRS] = {
		"etc/modprobe.d", "run/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d",
	};
	char dir[PATH_MAX], configs[CONFIG_DIRS][PATH_MAX];
	const char *config_list[CONFIG_DIRS + 1] = { 0 };
	int err = ctx_path(ctx, dir, sizeof(dir), "lib/modules/%s", release);

	for (int i = 0; !err && i < CONFIG_DIRS; i++) {
		err = ctx_path(ctx, configs[i], sizeof(configs[i]), "%s", places[i]);
		config_list[i] = configs[i];
	}
	if (err)
		return err;
	*ret_kmod = kmod_new(dir, config_list);
	if (!*ret_kmod)
		return -ENOMEM;
	kmod_set_log_fn(*ret_kmod, say_nothing, NULL);
	return 0;
}

static void note_info(const struct kmod_list *info, struct installed *installed)
{
	const struct kmod_list *item;

	kmod_list_foreach(item, info) {
		const char *key = kmod_module_info_get_key(item);
		const char *value = kmod_module_info_get_value(item);

		if (!strcmp(key, "version"))
			snprintf(installed->version, sizeof(installed->version), "%s", value);
		else if (!strcmp(key, "sig_id"))
			installed->is_signed = true;
		else if (!strcmp(key, "signer"))
			snprintf(installed->signer, sizeof(installed->signer), "%s", value);
	}
}

static void look_up(struct kmod_ctx *kmod, const char *name, struct installed *installed)
{
	struct kmod_list *found = NULL, *info = NULL;
	struct kmod_module *module;

	if (kmod_module_new_from_lookup(kmod, name, &found) < 0 || !found)
		return;
	module = kmod_module_get_module(found);
	installed->found = kmod_module_get_path(module) != NULL;
	if (installed->found && kmod_module_get_info(module, &info) >= 0) {
		note_info(info, installed);
		kmod_module_info_free_list(info);
	}
	kmod_module_unref(module);
	kmod_module_unref_list(found);
}

int installed_find(struct ramify *ctx, const char *release, const char *module,
		   struct installed *ret_installed)
{
	struct installed installed = { 0 };
	struct kmod_ctx *kmod;
	int err = start(ctx, release, &kmod);

	if (err)
		return err;
	look_up(kmod, module, &installed);
	kmod_unref(kmod);
	*ret_installed = installed;
	return 0;
}

int installed_blacklisted(struct ramify *ctx, const char *release, const char *module,
			  bool *ret_blacklisted)
{
	struct kmod_config_iter *iter;
	struct kmod_ctx *kmod;
	bool found = false;
	int err = start(ctx, release, &kmod);

	if (err)
		return err;
	iter = kmod_config_get_blacklists(kmod);
	while (iter && !found && kmod_config_iter_next(iter))
		found = !strcmp(kmod_config_iter_get_key(iter), module);
	kmod_config_iter_free_iter(iter);
	kmod_unref(kmod);
	*ret_blacklisted = found;
	return 0;
}
