// SPDX-License-Identifier: GPL-2.0-or-later
/* changes.c -- tells when files of the configuration change. */

#include "changes.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>

/* Editors write a file in several steps. */
#define SETTLE_USEC 500000
#define POLICIES "policy.d"
#define EVENTS (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)

/* There is one configuration. */
static struct {
	const char *file;	/* its name in its folder */
	char policies[4096 + 16];	/* the other folder */
	sd_event_source *timer;
	void (*fn)(void *arg);
	void *arg;
} changes;

static int settled(sd_event_source *source, uint64_t usec, void *arg)
{
	changes.fn(changes.arg);
	return 0;
}

static int changed(void)
{
	int err = sd_event_source_set_time_relative(changes.timer, SETTLE_USEC);

	return err < 0 ? err : sd_event_source_set_enabled(changes.timer, SD_EVENT_ONESHOT);
}

static int in_policies(sd_event_source *source, const struct inotify_event *event, void *arg);
static int watch(sd_event *event, const char *folder, sd_event_inotify_handler_t handler);

/* The folder of policies may come later. */
static int in_folder(sd_event_source *source, const struct inotify_event *event, void *arg)
{
	if (!event->len)
		return 0;
	if (!strcmp(event->name, POLICIES) && event->mask & (IN_CREATE | IN_MOVED_TO)) {
		int err = watch(sd_event_source_get_event(source), changes.policies, in_policies);

		return err < 0 ? err : changed();
	}
	return !strcmp(event->name, changes.file) ? changed() : 0;
}

static int in_policies(sd_event_source *source, const struct inotify_event *event, void *arg)
{
	const char *dot = event->len ? strrchr(event->name, '.') : NULL;

	return dot && *event->name != '.' && !strcmp(dot, ".conf") ? changed() : 0;
}

static int watch(sd_event *event, const char *folder, sd_event_inotify_handler_t handler)
{
	uint32_t events = EVENTS | IN_ONLYDIR | (handler == in_folder ? IN_CREATE : 0);
	int err = sd_event_add_inotify(event, NULL, folder, events, handler, NULL);

	return err == -ENOENT ? 0 : err;
}

int changes_watch(sd_event *event, const char *path, void (*fn)(void *arg), void *arg)
{
	const char *slash = strrchr(path, '/');
	char folder[4096];
	int err;

	changes.file = slash ? slash + 1 : path;
	changes.fn = fn;
	changes.arg = arg;
	if (snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) + 1 : 1,
		     slash ? path : ".") >= (int)sizeof(folder))
		return -ENAMETOOLONG;
	snprintf(changes.policies, sizeof(changes.policies), "%s/" POLICIES, folder);
	err = sd_event_add_time(event, &changes.timer, CLOCK_MONOTONIC, 0, 0, settled, NULL);
	if (err >= 0)
		err = sd_event_source_set_enabled(changes.timer, SD_EVENT_OFF);
	if (err >= 0)
		err = sd_event_source_set_floating(changes.timer, true);
	if (err >= 0)
		sd_event_source_unref(changes.timer);
	if (err >= 0)
		err = watch(event, folder, in_folder);
	return err < 0 ? err : watch(event, changes.policies, in_policies);
}
