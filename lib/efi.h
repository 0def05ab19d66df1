/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* efi.h -- what firmware tells in its variables. */
#ifndef RAMIFY_LIB_EFI_H
#define RAMIFY_LIB_EFI_H

#include "ramify.h"

/* -ENOENT not told, such as on a machine without EFI; -EBADMSG what it says makes no sense. */
int efi_secure_boot(struct ramify *ctx, bool *ret_on);

#endif
