// SPDX-License-Identifier: GPL-2.0-or-later
/* scope.c -- this process gets a cgroup of its own, whose name says its policy. */

#include "scope.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "core/scope.h"

#define CGROUPS "/sys/fs/cgroup"
#define JOB_SECONDS 30

/* ---- by systemd ---- */

struct job {
	const char *path;	/* NULL: not known yet */
	char result[32];	/* "": under way */
};

static int on_job_removed(sd_bus_message *m, void *arg, sd_bus_error *error)
{
	struct job *job = arg;
	const char *path, *result;
	uint32_t id;

	if (sd_bus_message_read(m, "uoss", &id, &path, NULL, &result) >= 0 && job->path &&
	    !strcmp(path, job->path))
		snprintf(job->result, sizeof(job->result), "%s", result);
	return 0;
}

/* Root's manager answers on a socket of its own where there is no bus. */
static int open_private(sd_bus **ret_bus)
{
	sd_bus *bus = NULL;
	int err = sd_bus_new(&bus);

	if (err >= 0)
		err = sd_bus_set_address(bus, "unix:path=/run/systemd/private");
	if (err >= 0)
		err = sd_bus_start(bus);
	if (err < 0)
		sd_bus_unref(bus);
	else
		*ret_bus = bus;
	return err;
}

static int open_bus(sd_bus **ret_bus)
{
	int err = geteuid() ? sd_bus_open_user(ret_bus) : sd_bus_open_system(ret_bus);

	return err < 0 && !geteuid() ? open_private(ret_bus) : err;
}

static int ask(sd_bus *bus, const char *unit, const char *policy, sd_bus_message **ret_reply,
	       sd_bus_error *error)
{
	char description[POLICY_NAME_MAX + 64];

	snprintf(description, sizeof(description), "Started by ramify run under policy %s", policy);
	return sd_bus_call_method(bus, "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
				  "org.freedesktop.systemd1.Manager", "StartTransientUnit", error,
				  ret_reply, "ssa(sv)a(sa(sv))", unit, "fail", 3, "Description", "s",
				  description, "CollectMode", "s", "inactive-or-failed", "PIDs",
				  "au", 1, (uint32_t)getpid(), 0);
}

/* The answer comes before the deed. */
static int wait_for(sd_bus *bus, struct job *job)
{
	time_t end = time(NULL) + JOB_SECONDS;

	while (!*job->result && time(NULL) < end) {
		int err = sd_bus_process(bus, NULL);

		if (!err)
			err = sd_bus_wait(bus, 1000000);
		if (err < 0 && err != -EINTR)
			return err;
	}
	return !*job->result ? -ETIMEDOUT : strcmp(job->result, "done") ? -EIO : 0;
}

static int start_unit(sd_bus *bus, const char *unit, const char *policy, sd_bus_error *error)
{
	sd_bus_message *reply = NULL;
	struct job job = { 0 };
	int err = sd_bus_match_signal(bus, NULL, NULL, "/org/freedesktop/systemd1",
				      "org.freedesktop.systemd1.Manager", "JobRemoved",
				      on_job_removed, &job);

	if (err >= 0)
		err = ask(bus, unit, policy, &reply, error);
	if (err >= 0)
		err = sd_bus_message_read(reply, "o", &job.path);
	if (err >= 0)
		err = wait_for(bus, &job);
	sd_bus_message_unref(reply);
	return err;
}

static int enter_unit(const char *title, const char *unit, const char *policy)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus *bus = NULL;
	int err = open_bus(&bus);

	if (err >= 0)
		err = start_unit(bus, unit, policy, &error);
	if (err < 0)
		fprintf(stderr, "%s: systemd does not start %s: %s; --no-scope does without\n",
			title, unit, error.message ? error.message : strerror(-err));
	sd_bus_error_free(&error);
	/* Nothing of it may go on in the program. */
	sd_bus_flush_close_unref(bus);
	return err < 0 ? err : 0;
}

/* ---- by hand ---- */

/* The folder of the cgroup that this process is in. */
static int own_cgroup(char path[PATH_MAX])
{
	FILE *file = fopen("/proc/self/cgroup", "re");
	char line[PATH_MAX] = "";
	int err = -ENOENT;

	if (!file)
		return -errno;
	while (err == -ENOENT && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "0::/", 4))
			err = 0;
	}
	fclose(file);
	if (!err && access(CGROUPS "/cgroup.procs", F_OK))
		err = -ENOENT;
	if (!err && snprintf(path, PATH_MAX, CGROUPS "%s", strcmp(line, "0::/") ? line + 3 : "") >=
			    PATH_MAX)
		err = -ENAMETOOLONG;
	return err;
}

/* Those of programs that have ended; one in use cannot be removed. */
static void sweep(const char *parent)
{
	char policy[POLICY_NAME_MAX + 1];
	DIR *dir = opendir(parent);
	struct dirent *entry;
	size_t len;
	int fd;

	if (!dir)
		return;
	fd = dirfd(dir);
	while (fd >= 0 && (entry = readdir(dir))) {
		if (!scope_find(entry->d_name, policy, &len))
			unlinkat(fd, entry->d_name, AT_REMOVEDIR);
	}
	closedir(dir);
}

static int join(const char *folder)
{
	char path[PATH_MAX];
	int fd, err = 0;

	if (mkdir(folder, 0755) && errno != EEXIST)
		return -errno;
	if (snprintf(path, sizeof(path), "%s/cgroup.procs", folder) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, "0", 1) != 1)
		err = -errno;
	close(fd);
	return err;
}

static int enter_cgroup(const char *title, const char *name)
{
	char parent[PATH_MAX], folder[PATH_MAX + SCOPE_NAME_MAX + 1];
	int err = own_cgroup(parent);

	if (err) {
		fprintf(stderr,
			"%s: there is no unified cgroup hierarchy on " CGROUPS
			"; --no-scope does without\n",
			title);
		return err;
	}
	snprintf(folder, sizeof(folder), "%s/%s", parent, name);
	sweep(parent);
	err = join(folder);
	/* Another one's sweep may have come in between. */
	if (err == -ENOENT || err == -ENODEV)
		err = join(folder);
	if (err) {
		fprintf(stderr, "%s: the cgroup %s cannot be used: %s; --no-scope does without\n",
			title, folder, strerror(-err));
		rmdir(folder);
	}
	return err;
}

int scope_enter(const char *title, const char *policy)
{
	char name[SCOPE_NAME_MAX];

	scope_name(policy, (unsigned int)getpid(), name);
	return sd_booted() > 0 ? enter_unit(title, name, policy) : enter_cgroup(title, name);
}
