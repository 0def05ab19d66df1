// SPDX-License-Identifier: GPL-2.0-or-later
/* patch_fuzz.c -- bodies that set policies live: laid over what files say, or refused. */

#include "daemon/patch.h"
#include "text.h"

static void make_files(struct policies *files)
{
	struct policy_error error;

	must(!policies_line(files, "policy a", "cgroup", "/a", "f", 2, &error));
	must(!policies_line(files, "policy a", "mapping", "heap fast", "f", 3, &error));
	must(!policies_line(files, "policy a", "weight", "5", "f", 4, &error));
}

static void lay(const struct overlays *overlays)
{
	struct policies files = { 0 }, all = { 0 };
	struct policy_error error = { 0 };
	int err;

	make_files(&files);
	err = overlays_lay(overlays, &files, &all, &error);
	must(err <= 0 && (!err || *error.reason));
	must(err || all.n >= 1);
	policies_free(&all);
	policies_free(&files);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct overlays overlays = { 0 };
	struct policy_error error = { 0 };
	struct json_object *json = NULL;
	char *text = text_of(data, size);

	if (!patch_parse(text, size, &json, &error)) {
		patch_apply(&overlays, size & 1 ? "a" : "b", json, &error);
		lay(&overlays);
	}
	overlays_free(&overlays);
	json_object_put(json);
	free(text);
	return 0;
}
