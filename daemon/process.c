// SPDX-License-Identifier: GPL-2.0-or-later
/* process.c -- a process as policies see it. */

#include "process.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-login.h>
#include <unistd.h>

#include "proc.h"

int cgroup_parse(const char *text, char *ret_path, size_t size)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (!strncmp(text, "0::/", 4)) {
			if (len - 3 >= size)
				return -ENOENT;
			memcpy(ret_path, text + 3, len - 3);
			ret_path[len - 3] = '\0';
			return 0;
		}
		text += len + (text[len] == '\n');
	}
	return -ENOENT;
}

static const char *read_cgroup(pid_t pid, char *buf, size_t size)
{
	char text[8192];

	if (proc_read_pid(pid, "cgroup", text, sizeof(text), NULL))
		return NULL;
	return cgroup_parse(text, buf, size) ? NULL : buf;
}

uint32_t process_cgroup(pid_t pid)
{
	uint32_t hash = 2166136261;
	char text[8192];

	if (proc_read_pid(pid, "cgroup", text, sizeof(text), NULL))
		return 0;
	for (const char *c = text; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619;
	return hash ? hash : 1;
}

static const char *read_exe(pid_t pid, char *buf, size_t size)
{
	static const char gone[] = " (deleted)";
	char path[64];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	len = readlink(path, buf, size - 1);
	if (len <= 0)
		return NULL;
	buf[len] = '\0';
	if ((size_t)len > strlen(gone) && !strcmp(buf + len - strlen(gone), gone))
		buf[(size_t)len - strlen(gone)] = '\0';
	return buf;
}

static const char *read_cmdline(pid_t pid, char *buf, size_t size)
{
	size_t len;

	if (proc_read_pid(pid, "cmdline", buf, size, &len))
		return NULL;
	while (len && !buf[len - 1])
		len--;
	for (size_t i = 0; i < len; i++) {
		if (!buf[i])
			buf[i] = ' ';
	}
	return buf;
}

/* To ask for a name takes longer than all else. */
static struct user {
	bool known;
	uid_t uid;
	char name[64];
} users[16];

void process_forget_users(void)
{
	for (size_t i = 0; i < sizeof(users) / sizeof(*users); i++)
		users[i].known = false;
}

static const char *user_name(uid_t uid, char *buf, size_t size)
{
	struct user *user = &users[uid % (sizeof(users) / sizeof(*users))];
	struct passwd entry, *found;
	char text[4096];

	if (!user->known || user->uid != uid) {
		user->known = false;
		if (getpwuid_r(uid, &entry, text, sizeof(text), &found) || !found ||
		    strlen(found->pw_name) >= sizeof(user->name))
			return NULL;
		strcpy(user->name, found->pw_name);
		user->uid = uid;
		user->known = true;
	}
	return snprintf(buf, size, "%s", user->name) < (int)size ? buf : NULL;
}

int process_status(pid_t pid, struct status *ret_status)
{
	char text[8192];
	int err = proc_read_pid(pid, "status", text, sizeof(text), NULL);

	if (err)
		return err == -ENOENT ? -ESRCH : err;
	err = status_parse(text, ret_status);
	return err || ret_status->has_memory ? err : -ENODATA;
}

/* Whose the scope is that its cgroup is in: a user may make any name in what is his. */
static void read_scope(struct process_facts *f)
{
	char path[sizeof(f->cgroup) + 32];
	struct stat st;

	if (!f->as.cgroup || scope_find(f->cgroup, f->run, &f->scope_len))
		return;
	snprintf(path, sizeof(path), "/sys/fs/cgroup%.*s", (int)f->scope_len, f->cgroup);
	if (stat(path, &st))
		return;
	f->as.run = f->run;
	f->as.run_uid = st.st_uid;
	f->as.run_user = user_name(st.st_uid, f->run_user, sizeof(f->run_user));
}

int process_read(pid_t pid, unsigned int keys, struct process_facts *f)
{
	bool exe = keys >> POLICY_EXE & 1, cmdline = keys >> POLICY_CMDLINE & 1;
	bool user = keys >> POLICY_USER & 1;
	int err = process_status(pid, &f->status);

	if (err)
		return err;
	f->unit = f->machine = NULL;
	if (keys >> POLICY_UNIT & 1)
		sd_pid_get_unit(pid, &f->unit);
	if (keys >> POLICY_MACHINE & 1)
		sd_pid_get_machine_name(pid, &f->machine);
	f->as = (struct policy_process){
		.cgroup = read_cgroup(pid, f->cgroup, sizeof(f->cgroup)),
		.unit = f->unit,
		.machine = f->machine,
		.exe = exe ? read_exe(pid, f->exe, sizeof(f->exe)) : NULL,
		.cmdline = cmdline ? read_cmdline(pid, f->cmdline, sizeof(f->cmdline)) : NULL,
		.user = user ? user_name((uid_t)f->status.uid, f->user, sizeof(f->user)) : NULL,
		.uid = f->status.uid,
		.pid = pid,
	};
	read_scope(f);
	return 0;
}

void process_clear(struct process_facts *facts)
{
	free(facts->unit);
	free(facts->machine);
}
