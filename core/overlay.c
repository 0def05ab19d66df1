// SPDX-License-Identifier: GPL-2.0-or-later
/* overlay.c -- what was set live, over what files say. */

#include "overlay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX (4 * POLICY_ITEMS_MAX)

/* ---- one policy's lines ---- */

static void line_free(struct overlay_line *line)
{
	free(line->key);
	free(line->value);
}

static void overlay_free(struct overlay *overlay)
{
	for (size_t i = 0; i < overlay->n_lines; i++)
		line_free(&overlay->lines[i]);
	free(overlay->lines);
	free(overlay->name);
}

static int line_add(struct overlay *overlay, const char *key, const char *value)
{
	struct overlay_line line = { strdup(key), strdup(value) };
	struct overlay_line *grown;

	grown = reallocarray(overlay->lines, overlay->n_lines + 1, sizeof(*grown));
	if (grown)
		overlay->lines = grown;
	if (!grown || !line.key || !line.value) {
		line_free(&line);
		return -ENOMEM;
	}
	overlay->lines[overlay->n_lines++] = line;
	return 0;
}

static int overlay_copy(const struct overlay *from, const char *without, struct overlay *ret_copy)
{
	struct overlay copy = { .name = strdup(from->name) };
	int err = copy.name ? 0 : -ENOMEM;

	for (size_t i = 0; !err && i < from->n_lines; i++) {
		const struct overlay_line *line = &from->lines[i];

		if (!without || strcmp(line->key, without))
			err = line_add(&copy, line->key, line->value);
	}
	if (err)
		overlay_free(&copy);
	else
		*ret_copy = copy;
	return err;
}

bool overlay_has(const struct overlay *overlay, const char *key)
{
	for (size_t i = 0; i < overlay->n_lines; i++) {
		if (!strcmp(overlay->lines[i].key, key))
			return true;
	}
	return false;
}

/* ---- all of them ---- */

const struct overlay *overlays_find(const struct overlays *set, const char *name)
{
	for (size_t i = 0; i < set->n; i++) {
		if (!strcmp(set->items[i].name, name))
			return &set->items[i];
	}
	return NULL;
}

static int put(struct overlays *set, const struct overlay *overlay)
{
	struct overlay *old = (struct overlay *)overlays_find(set, overlay->name), *grown;

	if (old) {
		overlay_free(old);
		*old = *overlay;
		return 0;
	}
	if (set->n == OVERLAYS_MAX)
		return -E2BIG;
	grown = reallocarray(set->items, set->n + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	set->items = grown;
	set->items[set->n++] = *overlay;
	return 0;
}

int overlays_set(struct overlays *set, const char *name, const char *key,
		 const char *const *values, size_t n)
{
	const struct overlay none = { .name = (char *)name }, *old = overlays_find(set, name);
	struct overlay overlay;
	int err = overlay_copy(old ? old : &none, key, &overlay);

	if (err)
		return err;
	if (n > LINES_MAX - overlay.n_lines)
		err = -E2BIG;
	for (size_t i = 0; !err && i < n; i++)
		err = line_add(&overlay, key, values[i]);
	if (!err && overlay.n_lines)
		err = put(set, &overlay);
	else if (!err && old)
		overlays_drop(set, name);
	if (err || !overlay.n_lines)
		overlay_free(&overlay);
	return err;
}

int overlays_drop(struct overlays *set, const char *name)
{
	struct overlay *overlay = (struct overlay *)overlays_find(set, name);

	if (!overlay)
		return -ENOENT;
	overlay_free(overlay);
	set->n--;
	memmove(overlay, overlay + 1, (size_t)(set->items + set->n - overlay) * sizeof(*overlay));
	return 0;
}

int overlays_copy(const struct overlays *from, struct overlays *ret_copy)
{
	struct overlays copy = { 0 };
	int err = 0;

	for (size_t i = 0; !err && i < from->n; i++) {
		struct overlay overlay;

		err = overlay_copy(&from->items[i], NULL, &overlay);
		if (err)
			break;
		err = put(&copy, &overlay);
		if (err)
			overlay_free(&overlay);
	}
	if (err)
		overlays_free(&copy);
	else
		*ret_copy = copy;
	return err;
}

void overlays_free(struct overlays *set)
{
	for (size_t i = 0; i < set->n; i++)
		overlay_free(&set->items[i]);
	free(set->items);
	*set = (struct overlays){ 0 };
}

/* ---- policies as they hold ---- */

static int set_lines(struct policies *all, const struct overlay *overlay,
		     struct policy_error *error)
{
	int err = 0;

	for (size_t i = 0; !err && i < overlay->n_lines; i++)
		err = policies_set(all, overlay->lines[i].key, overlay->lines[i].value, "", 0, error);
	return err;
}

/* Unless what lies over it has the key. */
static int set_line(struct policies *all, const struct policy *policy,
		    const struct overlay *overlay, const char *key, const char *value,
		    unsigned int line, struct policy_error *error)
{
	if (overlay && overlay_has(overlay, key))
		return 0;
	return policies_set(all, key, value, policy->file, line, error);
}

static int copy_policy(struct policies *all, const struct policy *policy,
		       const struct overlay *overlay, struct policy_error *error)
{
	char text[POLICY_TEXT_MAX + 32];
	int err = policies_add(all, policy->name, policy->file, policy->line, error);
	const char *key;

	for (size_t i = 0; !err && i < policy->n_matches; i++) {
		key = policy_match_text(&policy->matches[i], text, sizeof(text));
		err = set_line(all, policy, overlay, key, text, policy->matches[i].line, error);
	}
	for (size_t i = 0; !err && i < policy->n_mappings; i++) {
		key = policy_mapping_text(&policy->mappings[i], text, sizeof(text));
		err = set_line(all, policy, overlay, key, text, policy->line, error);
	}
	for (size_t i = 0; !err && (key = policy_setting(policy, i, text, sizeof(text))); i++) {
		if (policy->given & 1u << i)
			err = set_line(all, policy, overlay, key, text, policy->line, error);
	}
	return err;
}

static bool has(const struct policies *set, const char *name)
{
	for (size_t i = 0; i < set->n; i++) {
		if (!strcmp(set->items[i].name, name))
			return true;
	}
	return false;
}

int overlays_lay(const struct overlays *set, const struct policies *files,
		 struct policies *ret_policies, struct policy_error *error)
{
	struct policies all = { 0 };
	int err = 0;

	for (size_t i = 0; !err && i < set->n; i++) {
		if (has(files, set->items[i].name))
			continue;
		err = policies_add(&all, set->items[i].name, "", 0, error);
		if (!err)
			err = set_lines(&all, &set->items[i], error);
	}
	for (size_t i = 0; !err && i < files->n; i++) {
		const struct overlay *overlay = overlays_find(set, files->items[i].name);

		err = copy_policy(&all, &files->items[i], overlay, error);
		if (!err && overlay)
			err = set_lines(&all, overlay, error);
	}
	if (err)
		policies_free(&all);
	else
		*ret_policies = all;
	return err;
}
