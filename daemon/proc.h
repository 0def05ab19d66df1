/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc.h -- files of /proc: short texts that must be read at once. */
#ifndef RAMIFYD_PROC_H
#define RAMIFYD_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/** As a string, cut at @size. */
int proc_read(const char *path, char *buf, size_t size);
/** /proc/PID/NAME; *@ret_len, unless NULL, counts zero bytes in it too. */
int proc_read_pid(pid_t pid, const char *name, char *buf, size_t size, size_t *ret_len);

/* One that is read again and again: it stays open, as the kernel takes memory for each that is opened, several pages at
 * once for a long one. Starts out zeroed. */
struct proc_file {
	bool open;
	int fd;
};
/** As proc_read(). On failure it is closed, and opened again the next time. */
int proc_reread(struct proc_file *file, const char *path, char *buf, size_t size);
void proc_close(struct proc_file *file);

#endif
