// SPDX-License-Identifier: LGPL-2.1-or-later
/* intent.c -- what a device is meant for, and how that is written in its label. */

#include "intent.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "crc32.h"

#define PREFIX "ramify1:"
#define NODE_NONE 0xffffu
#define ADISTANCE_NONE 0xffffu
#define RATIO_MAX 0xffu
#define PERMS_MAX 07777u

/* A field is one letter; the index in these is the value. */
static const char use_letters[] = "-rdi";
static const char zone_letters[] = "-mk";
static const char memmap_letters[] = "-sd";
static const char mark_letters[] = "-v";
static const char scrub_letters[] = "-z";
static const char driver_letters[] = "-sf";

/* Letters, node, distance, ratio, size, perms, uid, gid, in this order; the CRC follows. */
#define BODY_FORMAT PREFIX "%c%c%c%c%c%c%04x%04x%02x%08x%03x%08x%08x"
#define BODY_LEN (sizeof(PREFIX) - 1 + 6 + 4 + 4 + 2 + 8 + 3 + 8 + 8)
#define CRC_LEN 8

static uint32_t label_crc(const char *label, const char *uuid)
{
	uint32_t crc = crc32_update(0, label, BODY_LEN);

	return crc32_update(crc, uuid, strlen(uuid));
}

bool intent_fits_label(const struct intent *intent)
{
	return intent->node < (int)NODE_NONE && intent->adistance < ADISTANCE_NONE &&
	       intent->ratio <= RATIO_MAX && intent->size_mib <= UINT32_MAX &&
	       intent->perms <= PERMS_MAX;
}

void intent_to_label(const struct intent *intent, const char *uuid, char label[INTENT_LABEL_SIZE])
{
	snprintf(label, INTENT_LABEL_SIZE, BODY_FORMAT, use_letters[intent->use],
		 zone_letters[intent->zone], memmap_letters[intent->memmap],
		 mark_letters[intent->volatile_data], scrub_letters[intent->scrub],
		 driver_letters[intent->driver],
		 intent->node < 0 ? NODE_NONE : (unsigned int)intent->node & NODE_NONE,
		 intent->adistance < 0 ? ADISTANCE_NONE :
					 (unsigned int)intent->adistance & ADISTANCE_NONE,
		 intent->ratio & RATIO_MAX, (uint32_t)intent->size_mib,
		 intent->perms & PERMS_MAX, intent->uid, intent->gid);
	snprintf(label + BODY_LEN, INTENT_LABEL_SIZE - BODY_LEN, "%08x", label_crc(label, uuid));
}

/* The index of the next letter in @letters; -1 if it is not one of them. */
static int take_letter(const char **text, const char *letters)
{
	const char *at = strchr(letters, *(*text)++);

	return at && *at ? (int)(at - letters) : -1;
}

/* Exactly @len lower-case hexadecimal digits. */
static int take_hex(const char **text, size_t len, uint32_t *ret_value)
{
	static const char digits[] = "0123456789abcdef";
	uint32_t value = 0;

	while (len--) {
		int digit = take_letter(text, digits);

		if (digit < 0)
			return -EBADMSG;
		value = value << 4 | (uint32_t)digit;
	}
	*ret_value = value;
	return 0;
}

static int take_letters(const char **text, struct intent *intent)
{
	int use = take_letter(text, use_letters), zone = take_letter(text, zone_letters);
	int memmap = take_letter(text, memmap_letters), mark = take_letter(text, mark_letters);
	int scrub = take_letter(text, scrub_letters), driver = take_letter(text, driver_letters);

	if (use < 0 || zone < 0 || memmap < 0 || mark < 0 || scrub < 0 || driver < 0)
		return -EBADMSG;
	intent->use = use;
	intent->zone = zone;
	intent->memmap = memmap;
	intent->volatile_data = mark;
	intent->scrub = scrub;
	intent->driver = driver;
	return 0;
}

static int take_numbers(const char **text, struct intent *intent)
{
	uint32_t node, adistance, ratio, size_mib, perms;

	if (take_hex(text, 4, &node) || take_hex(text, 4, &adistance) ||
	    take_hex(text, 2, &ratio) || take_hex(text, 8, &size_mib) ||
	    take_hex(text, 3, &perms) || take_hex(text, 8, &intent->uid) ||
	    take_hex(text, 8, &intent->gid))
		return -EBADMSG;
	intent->node = node == NODE_NONE ? -1 : (int)node;
	intent->adistance = adistance == ADISTANCE_NONE ? -1 : (int64_t)adistance;
	intent->ratio = ratio;
	intent->size_mib = size_mib;
	intent->perms = perms;
	return 0;
}

/* "ramify", digits, a colon: a label of ours, of whatever version. */
static bool label_is_ours(const char *label)
{
	size_t word = strlen("ramify"), digits;

	if (strncmp(label, "ramify", word) != 0)
		return false;
	digits = strspn(label + word, "0123456789");
	return digits && label[word + digits] == ':';
}

int intent_from_label(const char *label, const char *uuid, struct intent *ret_intent)
{
	struct intent intent = INTENT_NONE;
	const char *text = label + strlen(PREFIX);
	uint32_t crc;

	if (!*label)
		return -ENOENT;
	if (!label_is_ours(label))
		return -EEXIST;
	if (strncmp(label, PREFIX, strlen(PREFIX)) != 0 || strlen(label) != BODY_LEN + CRC_LEN)
		return -EBADMSG;
	if (take_letters(&text, &intent) || take_numbers(&text, &intent) ||
	    take_hex(&text, CRC_LEN, &crc) || crc != label_crc(label, uuid))
		return -EBADMSG;
	*ret_intent = intent;
	return 0;
}
