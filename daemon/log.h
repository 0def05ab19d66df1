/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log.h -- what the daemon says: to the journal where it is started by one, else to standard error. */
#ifndef RAMIFYD_LOG_H
#define RAMIFYD_LOG_H

#include <systemd/sd-daemon.h>

/* The journal's MESSAGE_ID, by which such entries are found; ramifyd(8) lists them. */
#define EVENT_STARTED "ef8eafd55d2042a0951cebcf72c7c872"	/* it serves */
#define EVENT_RELOADED "73fa90f493f14f99a0f6743f870cdbac"	/* another configuration holds */
#define EVENT_REFUSED "c294054a9fa5420e89601eecaaafde66"	/* a configuration was refused; the one before holds */
#define EVENT_SET "e86dc59c07b945cc98960e389b1b0808"	/* a policy was set live, or unset */
#define EVENT_PAUSED "ad93d768d871472bbf051669d984a1e8"	/* nothing is moved until it is resumed */
#define EVENT_RESUMED "1dc9195d0bc94f63aa1ddd2ec255d0a0"	/* pages are moved again */
#define EVENT_SAMPLER "11b0c88ad12445cd82a5b05e42b35b4e"	/* how accesses are seen, or that none can be */
#define EVENT_MOVED "4791e4e442e44c748e3b50f188128b44"	/* what a round moved, and why the rest was not */

/** @level: SD_ERR and the like, which are texts. */
void log_line(const char *level, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_event(const char *event, const char *level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
