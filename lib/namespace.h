/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* namespace.h -- namespaces of persistent memory: labels, and conversion to devdax. */
#ifndef RAMIFY_LIB_NAMESPACE_H
#define RAMIFY_LIB_NAMESPACE_H

#include "intent.h"
#include "ramify.h"
#include "state.h"

/* Of its label. -EOPNOTSUPP where there are no labels. */
int namespace_label_uuid(struct ramify *ctx, const char *name, char uuid[IDENTITY_SIZE]);
/* Has it a label that can hold an intent? */
bool namespace_has_label(struct ramify *ctx, const char *name);

/* As intent_from_label(); -EOPNOTSUPP where there are no labels. */
int namespace_read_intent(struct ramify *ctx, const char *name, struct intent *ret_intent);

/*
 * Writes the label; @intent NULL empties it. A namespace in use is disabled meanwhile:
 * its DAX device vanishes and appears again, with whatever driver it then gets.
 * -EEXIST somebody else's name is there, and stays.
 */
int namespace_write_intent(struct ramify *ctx, const char *name, const struct intent *intent);

/* What stays with the namespace: "uuid-" and its UUID, else that of its devdax. -ENOENT. */
int namespace_identity(struct ramify *ctx, const char *name, char identity[IDENTITY_SIZE]);

/* What a namespace was before its conversion. */
struct namespace_form {
	int mode;			/* of enum ndctl_namespace_mode */
	bool pfn;			/* it had struct pages set up, as below */
	int location;			/* of enum ndctl_pfn_loc */
	unsigned long align;
	uint64_t head_bytes;		/* what the devdax took from its beginning */
};

/* Makes an fsdax or raw namespace devdax. On failure it is as it was. */
int namespace_to_devdax(struct ramify *ctx, const char *name, bool memmap_in_dram,
			struct namespace_form *ret_before);
int namespace_put_back(struct ramify *ctx, const char *name,
		       const struct namespace_form *before);

/* Where the data of a devdax would begin: an offset into the namespace at @start. */
uint64_t namespace_devdax_offset(uint64_t start, uint64_t size_bytes, bool memmap_in_dram);

#endif
