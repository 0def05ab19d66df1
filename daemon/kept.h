/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kept.h -- a setting of the kernel's that is another one while ramifyd runs. */
#ifndef RAMIFYD_KEPT_H
#define RAMIFYD_KEPT_H

struct kept {
	const char *path;	/* of the setting */
	const char *file;	/* in /run/ramify, which is made if need be: what it was before */
};

/** From now on @text, which is written as the kernel reads it. What it was is kept in a file, so that a daemon that
 *  was killed in between still restores it; where it cannot be kept nothing is changed. A negative errno, and which of
 *  the two could not be read or written. */
int kept_set(const struct kept *kept, const char *text, const char **ret_at);
/** As it was before kept_set(); nothing if that was not called. The same errors. */
int kept_restore(const struct kept *kept, const char **ret_at);

#endif
