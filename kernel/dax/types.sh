#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# types.sh -- declares the DAX bus's private structs from a kernel's own BTF.
#
# usage: types.sh KERNEL > dax_types.h
# KERNEL is a vmlinux with a .BTF section, a raw BTF file, or a bzImage.
#
# drivers/dax/bus.h and dax-private.h are in no headers package, and the structs differ
# between kernels; a copy that is wrong would build and load silently.
set -eu

kernel=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

number() { # number FILE OFFSET BYTES: little-endian
	od -An -v -t "u$3" -j "$2" -N "$3" "$1" | tr -d ' '
}

# A bzImage says where its payload is (Documentation/arch/x86/boot.rst: setup_sects,
# payload_offset, payload_length); the payload ends with 4 bytes of its own size.
unpack_bzimage() {
	setup=$((($(number "$1" 497 1) + 1) * 512))
	skip=$((setup + $(number "$1" 584 4)))
	length=$(($(number "$1" 588 4) - 4))
	tail -c "+$((skip + 1))" "$1" | head -c "$length" > "$work/payload"
	case $(od -An -t x1 -N 4 "$work/payload" | tr -d ' ') in
	fd377a58) xz -dc "$work/payload" ;;
	28b52ffd) zstd -qdc "$work/payload" ;;
	1f8b*) gzip -dc "$work/payload" ;;
	*) echo "types.sh: $1: unknown compression" >&2; exit 1 ;;
	esac > "$2"
}

if [ "$(od -An -c -j 514 -N 4 "$kernel" | tr -d ' ')" = HdrS ]; then
	unpack_bzimage "$kernel" "$work/vmlinux"
	kernel=$work/vmlinux
fi
bpftool btf dump file "$kernel" format c > "$work/all.h"
bpftool btf dump file "$kernel" > "$work/raw"

emit() { # emit "struct NAME" [optional]
	awk -v head="$1 {" '$0 == head { on = 1 } on { print } on && /^};/ { exit }' \
		"$work/all.h" > "$work/one"
	if [ ! -s "$work/one" ]; then
		[ $# -gt 1 ] && return
		echo "types.sh: $1 is not in the BTF of $kernel" >&2
		exit 1
	fi
	cat "$work/one"
}

size_check() { # the layout must come out as the kernel has it
	size=$(sed -n "s/^\[[0-9]*\] STRUCT '$1' size=\([0-9]*\).*/\1/p" "$work/raw" | head -n 1)
	echo "static_assert(sizeof(struct $1) == ${size:?no size of $1 in the BTF});"
}

cat <<END
/* SPDX-License-Identifier: GPL-2.0-only */
/* dax_types.h -- made by types.sh from the BTF of the kernel that is built for. */
#ifndef RAMIFY_DAX_TYPES_H
#define RAMIFY_DAX_TYPES_H
#include <linux/build_bug.h>
#include <linux/device.h>
#include <linux/idr.h>
#include <linux/ioport.h>
#include <linux/range.h>

END
emit 'enum dax_driver_type' optional
for s in dax_region dev_dax_range dev_dax dax_device_driver; do
	emit "struct $s"
	size_check "$s"
done
grep -q '^enum dax_driver_type' "$work/all.h" && echo '#define HAVE_DAX_DRIVER_TYPE'
cat <<END

int __dax_driver_register(struct dax_device_driver *drv, struct module *owner, const char *name);
void dax_driver_unregister(struct dax_device_driver *drv);
#endif
END
