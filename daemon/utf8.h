/* SPDX-License-Identifier: GPL-2.0-or-later */
/* utf8.h -- names that are bytes, as text that others can read. */
#ifndef RAMIFYD_UTF8_H
#define RAMIFYD_UTF8_H

#include <stddef.h>

/** Bytes of the printable character at @text; 0: it is none in UTF-8, or a control character. */
size_t utf8_char(const char *text);

/** A text that no other bytes have: what is no character is U+FFFD and two digits. To be freed;
 *  NULL: no memory. */
char *utf8_name(const char *bytes);

/** @text itself, with '?' for each byte that is of no character. */
char *utf8_mend(char *text);

#endif
