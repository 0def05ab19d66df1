/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kept.h -- a setting of the kernel's that is another one while ramifyd runs. */
#ifndef RAMIFYD_KEPT_H
#define RAMIFYD_KEPT_H

struct kept {
	const char *path;	/* of the setting */
	const char *file;	/* in /run/ramify: what it was before */
};

/** From now on @text, which is written as the kernel reads it. What it was is kept in a file, so that a daemon that
 *  was killed in between still restores it. A negative errno. */
int kept_set(const struct kept *kept, const char *text);
/** As it was before kept_set(); nothing if that was not called. A negative errno. */
int kept_restore(const struct kept *kept);

#endif
