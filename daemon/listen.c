// SPDX-License-Identifier: GPL-2.0-or-later
/* listen.c -- where the daemon can be reached: a socket in the file system, a loopback port. */

#include "config.h"
#include "listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 1024

static int make_folder(const char *path)
{
	char folder[sizeof(((struct sockaddr_un *)0)->sun_path)];
	const char *slash = strrchr(path, '/');

	if (!slash || slash == path)
		return 0;
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	return mkdir(folder, 0755) && errno != EEXIST ? -errno : 0;
}

static int make_address(const char *path, struct sockaddr_un *ret_address)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	*ret_address = address;
	return 0;
}

/* -EADDRINUSE: there is one that answers; else what connect() says. */
static int probe(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), err = -EADDRINUSE;

	if (fd < 0)
		return -errno;
	/* EAGAIN: more wait there than it takes. */
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) && errno != EAGAIN)
		err = -errno;
	close(fd);
	return err;
}

bool listen_taken(const char *path)
{
	struct sockaddr_un address;

	return !make_address(path, &address) && probe(&address) == -EADDRINUSE;
}

static int remove_stale(const struct sockaddr_un *address)
{
	int err = probe(address);

	if (err == -ECONNREFUSED)
		return unlink(address->sun_path) && errno != ENOENT ? -errno : 0;
	return err == -EADDRINUSE ? err : 0;
}

/* Who may do what is settled by who connects, not by the file's mode. */
static int open_up(int fd, const struct sockaddr_un *address)
{
	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)))
		return -errno;
	if (chmod(address->sun_path, 0666) || listen(fd, BACKLOG)) {
		int err = -errno;

		unlink(address->sun_path);
		return err;
	}
	return 0;
}

int listen_unix(const char *path, int *ret_fd)
{
	struct sockaddr_un address;
	int fd, err = make_address(path, &address);

	if (!err)
		err = make_folder(path);
	if (!err)
		err = remove_stale(&address);
	if (err)
		return err;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	err = open_up(fd, &address);
	if (err) {
		close(fd);
		return err;
	}
	*ret_fd = fd;
	return 0;
}

int listen_loopback(const char *text, int *ret_fd)
{
	struct sockaddr_storage address;
	int on = 1, fd, err = config_loopback(text, &address);

	if (err)
		return err;
	fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* What earlier connections left behind does not hold it up. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&address,
		 address.ss_family == AF_INET ? sizeof(struct sockaddr_in) :
						sizeof(struct sockaddr_in6)) ||
	    listen(fd, BACKLOG)) {
		err = -errno;
		close(fd);
		return err;
	}
	*ret_fd = fd;
	return 0;
}
