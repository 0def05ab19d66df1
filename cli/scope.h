/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scope.h -- this process gets a cgroup of its own, whose name says its policy. */
#ifndef RAMIFY_CLI_SCOPE_H
#define RAMIFY_CLI_SCOPE_H

/**
 * By systemd (the user's own, if not root), if it runs here; else below the cgroup that this
 * process is in. What fails is told on stderr, after @title: then a negative errno, and this process
 * is where it was.
 */
int scope_enter(const char *title, const char *policy);

#endif
