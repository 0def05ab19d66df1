// SPDX-License-Identifier: LGPL-2.1-or-later
/* owner.c -- who owns a raw device's node, in words: "user:group". */

#include "owner.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "context.h"
#include "devnode.h"
#include "durable.h"

static int take_number(const char *text, uint32_t *ret_id)
{
	uint64_t value;

	/* -1 is nobody's: chown(2) takes it for "as it is". */
	if (parse_u64(text, &value) || value >= UINT32_MAX)
		return -EINVAL;
	*ret_id = value;
	return 0;
}

static int take_user(const char *text, uint32_t *ret_uid)
{
	struct passwd entry, *found = NULL;
	char buf[4096];

	if (!take_number(text, ret_uid))
		return 0;
	if (!*text || getpwnam_r(text, &entry, buf, sizeof(buf), &found) || !found)
		return -ENOENT;
	*ret_uid = entry.pw_uid;
	return 0;
}

static int take_group(const char *text, uint32_t *ret_gid)
{
	struct group entry, *found = NULL;
	char buf[4096];

	if (!take_number(text, ret_gid))
		return 0;
	if (!*text || getgrnam_r(text, &entry, buf, sizeof(buf), &found) || !found)
		return -ENOENT;
	*ret_gid = entry.gr_gid;
	return 0;
}

int owner_parse(const char *text, uint32_t *ret_uid, uint32_t *ret_gid)
{
	uint32_t uid, gid = UINT32_MAX;
	const char *colon = strchr(text, ':');
	char user[33];
	size_t len = colon ? (size_t)(colon - text) : strlen(text);
	int err;

	if (len >= sizeof(user) || (colon && strlen(colon + 1) >= sizeof(user)))
		return -EINVAL;
	memcpy(user, text, len);
	user[len] = '\0';
	err = take_user(user, &uid);
	if (!err && colon)
		err = take_group(colon + 1, &gid);
	if (err)
		return err;
	*ret_uid = uid;
	*ret_gid = gid;
	return 0;
}

/* Numbers: a name may be another's on the day on which it is read. */
void owner_format(uint32_t uid, uint32_t gid, char buf[OWNER_MAX])
{
	if (gid == UINT32_MAX)
		snprintf(buf, OWNER_MAX, "%u", uid);
	else
		snprintf(buf, OWNER_MAX, "%u:%u", uid, gid);
}

/* For this boot only: the name is another device's after the next. */
static int write_rule(struct ramify *ctx, const char *dax, uint32_t uid, uint32_t gid,
		      unsigned int perms)
{
	char name[80], text[256];
	int dir, err = durable_open(ctx, "run/udev", "rules.d", true, 0755, &dir);

	/* No udev, nobody to set it up anew. */
	if (err)
		return err == -ENOENT ? 0 : err;
	snprintf(name, sizeof(name), "61-ramify-%s.rules", dax);
	snprintf(text, sizeof(text),
		 "SUBSYSTEM==\"dax\", KERNEL==\"%s\", OWNER=\"%u\", GROUP=\"%u\", MODE=\"%04o\"\n",
		 dax, uid, gid, perms);
	err = uid || gid || perms != 0600 ? durable_replace(dir, name, text, 0644)
					  : durable_remove(dir, name);
	close(dir);
	return err;
}

int owner_set(struct ramify *ctx, const char *dax, uint32_t uid, uint32_t gid, unsigned int perms)
{
	struct devnode node = { uid, gid, perms };
	int err = write_rule(ctx, dax, uid == UINT32_MAX ? 0 : uid, gid == UINT32_MAX ? 0 : gid,
			     perms ? perms : 0600);

	if (err)
		return fail(ctx, err, "the udev rule for %s cannot be written: %s", dax,
			    strerror(-err));
	return devnode_set(ctx, dax, &node);
}
