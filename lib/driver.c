// SPDX-License-Identifier: LGPL-2.1-or-later
/* driver.c -- what ramify.ko is asked to do, and what it answers. */

#include "driver.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "context.h"
#include "kmsg.h"
#include "module.h"
#include "uapi/ramify.h"
#include "writer.h"

#define DRIVER_DIR "sys/" RAMIFY_SYSFS_DRIVER

static int check_version(struct ramify *ctx)
{
	char text[64], *release;
	uint64_t abi;
	int err = attr_read(ctx, DRIVER_DIR "/version", text, sizeof(text));

	if (err)
		return fail(ctx, err, "the ramify module is loaded, but /" DRIVER_DIR
			    "/version cannot be read: %s", strerror(-err));
	release = text + strcspn(text, " ");
	if (*release)
		*release++ = '\0';
	if (!parse_u64(text, &abi) && abi == RAMIFY_ABI)
		return 0;
	return fail(ctx, -EPROTO,
		    "the loaded module ramify %s speaks version %s of our protocol, this command %d; nothing was changed; take back all memory (ramify remove), then: modprobe -r ramify, or reboot",
		    release, text, RAMIFY_ABI);
}

int driver_require(struct ramify *ctx)
{
	struct utsname kernel;
	int err = module_load(ctx, "ramify");

	if (!err)
		return check_version(ctx);
	uname(&kernel);
	if (err == -ENOENT)
		return fail(ctx, err,
			    "there is no module ramify for kernel %s; nothing was changed; install it (DKMS package ramify-dkms), or use the stock driver: --driver kmem",
			    kernel.release);
	return fail(ctx, err,
		    "the module ramify cannot be loaded into kernel %s: %s; nothing was changed; see the kernel's log and ramify doctor",
		    kernel.release, strerror(-err));
}

/* One write to the driver, followed through the attributes of the device. */
struct request {
	struct op *op;
	const char *device;		/* or START-END of held memory */
	enum ramify_phase phase;
	uint64_t scrubbing_bytes;	/* what a scrub that was seen covers */
};

static uint64_t device_number(struct ramify *ctx, const char *device, const char *attr)
{
	char path[160];
	uint64_t value;

	snprintf(path, sizeof(path), "sys/bus/dax/devices/%s/ramify/%s", device, attr);
	return attr_read_u64(ctx, path, &value) ? 0 : value;
}

/* " scrub=N scrubbed=N" in the line of the file "held" that begins where @what does. */
static uint64_t held_number(struct ramify *ctx, const char *what, const char *key)
{
	char text[ATTR_MAX], *line, *next = text;
	unsigned long long value;
	size_t len = strcspn(what, "-") + 1;

	if (attr_read(ctx, DRIVER_DIR "/held", text, sizeof(text)) < 0)
		return 0;
	while ((line = strsep(&next, "\n"))) {
		const char *at = strncmp(line, what, len) == 0 ? strstr(line, key) : NULL;

		if (at && sscanf(at + strlen(key), "%llu", &value) == 1)
			return value;
	}
	return 0;
}

static int tick(void *arg, size_t done)
{
	struct request *r = arg;
	uint64_t total, scrubbed;

	if (strncmp(r->device, "0x", 2) == 0) {
		total = held_number(r->op->ctx, r->device, " scrub=");
		scrubbed = held_number(r->op->ctx, r->device, " scrubbed=");
	} else {
		total = device_number(r->op->ctx, r->device, "scrub_bytes");
		scrubbed = device_number(r->op->ctx, r->device, "scrubbed_bytes");
	}
	/* When it is done the numbers go away, and it is still no other phase. */
	if (!total && r->scrubbing_bytes)
		total = scrubbed = r->scrubbing_bytes;
	r->scrubbing_bytes = total;
	if (!total)
		return op_progress(r->op, r->phase, done, 1);
	return op_progress(r->op, RAMIFY_PHASE_SCRUB, scrubbed, total);
}

/* The driver's own words where it has some, else the error's. */
static int explain(struct ramify *ctx, int kmsg, const char *device, const char *what, int err)
{
	char said[512];

	if (err == -ECANCELED)
		return fail(ctx, err, "%s: interrupted", device);
	if (kmsg_find(kmsg, device, said, sizeof(said)) < 0)
		snprintf(said, sizeof(said), "%s", strerror(-err));
	return fail(ctx, err, "%s: the driver did not %s it: %s", device, what, said);
}

static int request_run(struct request *r, const char *file, const char *text)
{
	struct ramify *ctx = r->op->ctx;
	struct write_job job = { .text = text };
	int kmsg = kmsg_open(ctx), err;
	size_t done;

	snprintf(job.path, sizeof(job.path), DRIVER_DIR "/%s", file);
	err = writer_run(ctx, &job, 1, tick, r, &done);
	if (done)
		err = 0;
	if (err)
		err = explain(ctx, kmsg, r->device, file, err);
	kmsg_close(kmsg);
	return err;
}

int driver_add(struct op *op, const char *device, const char *request, enum ramify_phase phase)
{
	struct request r = { .op = op, .device = device, .phase = phase };

	if (strlen(request) > RAMIFY_REQUEST_MAX)
		return fail(op->ctx, -E2BIG, "%s: too many ranges to leave out", device);
	return request_run(&r, "add", request);
}

int driver_release(struct op *op, const char *what)
{
	struct request r = { .op = op, .device = what, .phase = RAMIFY_PHASE_REMOVE };

	return request_run(&r, "release", what);
}

int driver_state(struct ramify *ctx, const char *device, char *buf, size_t size)
{
	char path[160];

	snprintf(path, sizeof(path), "sys/bus/dax/devices/%s/ramify/state", device);
	return attr_read(ctx, path, buf, size);
}

bool driver_is_past_return(struct ramify *ctx, const char *device)
{
	char word[32];

	return !driver_state(ctx, device, word, sizeof(word)) &&
	       (strcmp(word, "removing") == 0 || strcmp(word, "scrubbing") == 0);
}

int driver_ranges_parse(char *text, const char *separators, struct state_ranges *ret_ranges)
{
	struct state_ranges ranges = { 0 };
	char *word;
	int err = 0;

	while (!err && (word = strsep(&text, separators))) {
		struct ramify_extent e;

		if (!*word)
			continue;
		err = parse_range(word, &e) ? -EBADMSG : 0;
		if (!err)
			err = ranges_append(&ranges, e.start, e.size_bytes);
	}
	if (err)
		ranges_clear(&ranges);
	else
		*ret_ranges = ranges;
	return err;
}

int driver_ranges(struct ramify *ctx, const char *device, struct state_ranges *ret_ranges)
{
	char path[160], text[ATTR_MAX];
	int err;

	snprintf(path, sizeof(path), "sys/bus/dax/devices/%s/ramify/ranges", device);
	err = attr_read(ctx, path, text, sizeof(text));
	return err ? err : driver_ranges_parse(text, "\n", ret_ranges);
}
