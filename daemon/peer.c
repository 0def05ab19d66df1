// SPDX-License-Identifier: GPL-2.0-or-later
/* peer.c -- who asks, and what that one may. */

#include "peer.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/socket.h>

#define GROUP "ramify"
#define GROUP_BUF 65536		/* of one with many members */

gid_t peer_group(void)
{
	struct group group, *found = NULL;
	gid_t gid = (gid_t)-1;
	char *buf = malloc(GROUP_BUF);

	if (buf && !getgrnam_r(GROUP, &group, buf, GROUP_BUF, &found) && found)
		gid = found->gr_gid;
	free(buf);
	return gid;
}

/* -errno, or whether @group is one of the supplementary ones. */
static int is_member(int fd, gid_t group)
{
	socklen_t size = 0;
	gid_t none, *groups;
	int found = 0;

	/* With no room at all the kernel tells how much it takes. */
	if (!getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, &none, &size))
		return 0;
	if (errno != ERANGE)
		return -errno;
	groups = malloc(size);
	if (!groups)
		return -ENOMEM;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size))
		found = -errno;
	for (size_t i = 0; !found && i < size / sizeof(*groups); i++)
		found = groups[i] == group;
	free(groups);
	return found;
}

int peer_read(int fd, gid_t group, struct peer *ret_peer)
{
	struct peer peer = { .right = PEER_OWN };
	struct ucred cred;
	socklen_t size = sizeof(cred);
	int member;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &size))
		return -errno;
	peer.pid = cred.pid;
	peer.uid = cred.uid;
	member = group == (gid_t)-1 ? 0 : cred.gid == group ? 1 : is_member(fd, group);
	if (member < 0)
		return member;
	if (member)
		peer.right = PEER_READ;
	if (!cred.uid)
		peer.right = PEER_WRITE;
	*ret_peer = peer;
	return 0;
}
