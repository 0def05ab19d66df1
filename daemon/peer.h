/* SPDX-License-Identifier: GPL-2.0-or-later */
/* peer.h -- who asks, and what that one may. */
#ifndef RAMIFYD_PEER_H
#define RAMIFYD_PEER_H

#include <sys/types.h>

/** Each may what the ones before may, but for PEER_NET, who may only see metrics. */
enum peer_right {
	PEER_NET,	/* over a loopback port: nobody knows who it is */
	PEER_OWN,	/* any process: what concerns itself */
	PEER_READ,	/* of group `ramify` */
	PEER_WRITE,	/* root */
};

struct peer {
	pid_t pid;	/* that made the connection; 0: not known, or of another namespace */
	uid_t uid;	/* (uid_t)-1: not known */
	enum peer_right right;
};

/** The group that may read. (gid_t)-1: there is none. */
gid_t peer_group(void);

/** Of a connected socket, by what the kernel says of the process that connected. */
int peer_read(int fd, gid_t group, struct peer *ret_peer);

#endif
