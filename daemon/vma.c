// SPDX-License-Identifier: GPL-2.0-or-later
/* vma.c -- one mapping of a process, as policies see it, by a line of /proc/PID/maps. */

#include "vma.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/heat.h"

#define ADDRESS_MAX (1ULL << 56)

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* "NAME]" -> NAME */
static const char *bracketed(char *name)
{
	char *end = strrchr(name, ']');

	if (end)
		*end = '\0';
	return *name ? name : NULL;
}

static void classify_special(char *name, struct vma *vma)
{
	vma->as.what = POLICY_ANON;
	if (!strcmp(name, "[heap]")) {
		vma->as.what = POLICY_HEAP;
	} else if (begins(name, "[stack")) {
		vma->as.what = POLICY_STACK;
	} else if (begins(name, "[anon:")) {
		vma->as.name = bracketed(name + strlen("[anon:"));
	} else if (begins(name, "[anon_shmem:")) {
		vma->as.what = POLICY_SHARED;
		vma->as.name = bracketed(name + strlen("[anon_shmem:"));
	} else {
		vma->never = true;	/* vdso, vvar, ... */
	}
}

static void classify_path(char *path, struct vma *vma)
{
	static const char gone[] = " (deleted)";
	size_t len = strlen(path);
	bool deleted = len > strlen(gone) && !strcmp(path + len - strlen(gone), gone);

	if (deleted)
		path[len - strlen(gone)] = '\0';
	vma->as.what = POLICY_FILE;
	vma->as.name = path;
	if (begins(path, "/memfd:")) {
		vma->as.what = POLICY_MEMFD;
		vma->as.name = path + strlen("/memfd:");
	} else if (deleted && (!strcmp(path, "/dev/zero") || begins(path, "/SYSV"))) {
		vma->as.what = POLICY_SHARED;
	} else if (begins(path, "/dev/shm/")) {
		vma->as.what = POLICY_SHARED;
		vma->as.name = path + strlen("/dev/shm/");
	} else if (begins(path, "/dev/") || begins(path, "/anon_hugepage") || *path != '/') {
		vma->never = true;
	}
}

int vma_parse(char *line, struct vma *ret_vma)
{
	unsigned long long start, end, inode;
	unsigned int major, minor;
	struct vma vma = { 0 };
	char perms[5] = "";
	int at = 0;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%16llx-%16llx %4s %*16x %8x:%8x %20llu%n", &start, &end, perms, &major,
		   &minor, &inode, &at) != 6)
		return -EPROTO;
	if (end <= start || (start | end) % HEAT_PAGE)
		return -EPROTO;
	vma.as.start = start;
	vma.as.end = end;
	vma.shared = perms[3] == 's';
	vma.device = (uint64_t)major << 32 | minor;
	vma.inode = inode;
	line += at + strspn(line + at, " ");
	if (*line == '[')
		classify_special(line, &vma);
	else if (*line)
		classify_path(line, &vma);
	else
		vma.as.what = vma.shared ? POLICY_SHARED : POLICY_ANON;
	if (end > ADDRESS_MAX)
		vma.never = true;
	*ret_vma = vma;
	return 0;
}
