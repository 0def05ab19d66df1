// SPDX-License-Identifier: LGPL-2.1-or-later
/* examine_signature.c -- which modules the kernel takes, and whether ours is one. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "efi.h"
#include "findings.h"
#include "installed.h"
#include "keys.h"
#include "module.h"
#include "value.h"

#define ENROL "mokutil --import /var/lib/dkms/mok.pub, then reboot and enrol the key"

int examine_secure_boot(struct examination *ex)
{
	bool on;
	int err = efi_secure_boot(ex->ctx, &on);

	if (err == -ENOENT)
		return 0;
	if (err)
		return finding_add(ex, RAMIFY_WARN, "secure boot", "mokutil --sb-state",
				   "firmware's variable SecureBoot makes no sense");
	return finding_add(ex, RAMIFY_OK, "secure boot", "",
			   on ? "Secure Boot is on" : "Secure Boot is off");
}

/* "none [integrity] confidentiality": the word in brackets holds. Where it is not told,
 * Debian's kernels lock down with Secure Boot. */
static bool is_locked(struct ramify *ctx, const char *lockdown)
{
	const char *held = strchr(lockdown, '[');
	bool on = false;

	if (held)
		return strncmp(held, "[none]", 6) != 0;
	return !efi_secure_boot(ctx, &on) && on;
}

static int needs_signature(struct examination *ex, bool *ret_needs)
{
	char lockdown[64], enforced[8];
	int err = value_text(ex->ctx, "sys/kernel/security", "lockdown", lockdown,
			     sizeof(lockdown));

	if (!err)
		err = value_text(ex->ctx, "sys/module/module/parameters", "sig_enforce", enforced,
				 sizeof(enforced));
	if (!err)
		*ret_needs = is_locked(ex->ctx, lockdown) || !strcmp(enforced, "Y");
	return err;
}

static int add_unsigned(struct examination *ex, const struct installed *ours)
{
	char remedy[640], module[64];

	snprintf(module, sizeof(module), "ramify/%s", *ours->version ? ours->version : RAMIFY_VERSION);
	snprintf(remedy, sizeof(remedy),
		 "dkms build --force %s -k %s && dkms install --force %s -k %s, which signs it; " ENROL,
		 module, ex->release, module, ex->release);
	return finding_add(ex, RAMIFY_BAD, "lockdown", remedy,
			   "the kernel takes signed modules only, and ramify.ko is not signed");
}

static int add_signed(struct examination *ex, const struct installed *ours)
{
	struct keys keys;
	int err = keys_find(ex->ctx, ours->signer, &keys);

	if (err)
		return err;
	if (keys.n && !keys.has_signer)
		return finding_add(ex, RAMIFY_BAD, "lockdown", ENROL,
				   "the kernel takes signed modules only, and does not know the key of ramify.ko: \"%s\"",
				   ours->signer);
	return finding_add(ex, RAMIFY_OK, "lockdown", "",
			   keys.n ? "the kernel takes signed modules only, and knows the key of ramify.ko: \"%s\""
				  : "the kernel takes signed modules only; whether it knows the key of ramify.ko, \"%s\", it does not tell",
			   ours->signer);
}

int examine_lockdown(struct examination *ex)
{
	struct installed ours;
	bool needed;
	int err = needs_signature(ex, &needed);

	if (!err)
		err = installed_find(ex->ctx, ex->release, "ramify", &ours);
	if (err)
		return err;
	if (!needed)
		return finding_add(ex, RAMIFY_OK, "lockdown", "", "modules need no signature");
	if (!ours.found || module_is_loaded(ex->ctx, "ramify"))
		return finding_add(ex, RAMIFY_OK, "lockdown", "",
				   "the kernel takes signed modules only");
	return ours.is_signed ? add_signed(ex, &ours) : add_unsigned(ex, &ours);
}
