// SPDX-License-Identifier: LGPL-2.1-or-later
/* efi.c -- what firmware tells in its variables. */

#include "efi.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "context.h"

/* UEFI's global variables have this GUID; the kernel puts four bytes of attributes before a value. */
#define SECURE_BOOT "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define ATTRIBUTE_BYTES 4

int efi_secure_boot(struct ramify *ctx, bool *ret_on)
{
	int fd = openat(ctx->root_fd, SECURE_BOOT, O_RDONLY | O_CLOEXEC);
	unsigned char bytes[ATTRIBUTE_BYTES + 2];
	ssize_t n;

	if (fd < 0)
		return -ENOENT;
	n = read(fd, bytes, sizeof(bytes));
	close(fd);
	if (n < 0)
		return -ENOENT;
	if (n != ATTRIBUTE_BYTES + 1 || bytes[ATTRIBUTE_BYTES] > 1)
		return -EBADMSG;
	*ret_on = bytes[ATTRIBUTE_BYTES];
	return 0;
}
