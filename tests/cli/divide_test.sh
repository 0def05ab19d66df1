#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# create, resize and destroy called wrongly, or where nothing can be done: a line with the numbers,
# and nothing is changed; and what a dry run says about recorded systems.
set -u
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

tree()
{
	root=$scratch/$1
	[ -d "$root" ] || tests/trees/unpack "tests/trees/$1.tree" "$root"
	mkdir -p "$root/run/ramify"
}

# refuses REGEX STATUS ARGUMENT...: on stderr, in short; and the tree stays as it is.
refuses()
{
	local regex=$1 status=$2 before failed=0

	shift 2
	before=$(find "$root/sys" -type f -exec cksum {} + | sort)
	expect "$status" ramify --root "$root" "$@" || failed=1
	grep -qE -- "$regex" "$scratch/err" || failed=1
	[ "$(wc -c <"$scratch/err")" -lt 800 ] || failed=1
	diff <(echo "$before") <(find "$root/sys" -type f -exec cksum {} + | sort) || failed=1
	[ $failed = 0 ] || cat "$scratch/err"
	return $failed
}

# says REGEX ARGUMENT...: a dry run succeeds, and says so.
says()
{
	local regex=$1

	shift
	expect 0 ramify --root "$root" create -n "$@" || return
	tr '\n' ' ' <"$scratch/out" | grep -qE -- "$regex" && return
	cat "$scratch/out"
	return 1
}

as_nobody()
{
	if [ "$(id -u)" != 0 ]; then
		refuses 'needs root' 1 "$@"
		return
	fi
	chmod 755 "$scratch" "$root"
	setpriv --reuid 65534 --clear-groups "$(command -v ramify)" --root "$root" "$@" \
		>"$scratch/out" 2>"$scratch/err"
	[ $? = 1 ] && grep -q 'needs root' "$scratch/err" && return
	cat "$scratch/err"
	return 1
}

tree idle-region-6.12
long=$(printf 'a%.0s' {1..500})
for wrong in "" "--size" "--size=" "--size -1" "--size 1G1" "--size 1.G" "--size 1,5G" "--size x" \
	"--size 101%" "--size 16E" "--size 99999999999999999999" "--size $long" \
	"--size 1G --count 0" "--size 1G --count 1025" "--size 1G --count x" \
	"--size 1G --align 0" "--size 1G --align 50%" "--size 1G --align all" \
	"--size 1G --at x" "--size 1G --at 0x10000000000000000" "--size 1G --as swap" \
	"--size 1G --color 2/8" "--size 1G --color-span 4" "--size 1G --color 0/0 --color-span 4" \
	"--size 1G --color 9/8 --color-span 4" "--size 1G --color 2 --color-span 4" \
	"--size 1G --color 1/8 --color-span 0" "--size 1G --color 1/8 --color-span 50%" \
	"--size 1G --color 1/8 --color-span 99999999999999999" \
	"--size 1G --owner" "--size 1G --owner no-such-user" "--size 1G --owner root:no-such-group" \
	"--size 1G --owner :" "--size 1G --owner 4294967295" "--size 1G --mode 8" \
	"--size 1G --mode 01000" "--size 1G --mode 0" "--size 1G --mode rw" "--size 1G --as ram --owner root"; do
	# shellcheck disable=SC2086 # words
	check "create ${wrong:0:40}" refuses 'usage: ramify create' 2 create $wrong hmem.0
done
check "create: no region" refuses 'which region' 2 create --size 1G
check "create: two regions" refuses 'one region at a time, not 2' 2 create --size 1G hmem.0 hmem.1
check "create: not root" as_nobody create --size 1G hmem.0
for wrong in "" "--size" "--size x" "--size 16E" "--size 1G dax0.1"; do
	# shellcheck disable=SC2086
	check "resize $wrong" refuses 'usage: ramify resize' 2 resize $wrong dax0.0
done
check "resize: no device" refuses 'which device' 2 resize --size 1G
check "resize: two devices" refuses 'one device at a time' 2 resize --size 1G dax0.0 dax0.1
check "resize: a region" refuses 'hmem.0 is a region, .*ramify create hmem.0 --size all' 1 \
	resize --size 1G hmem.0
check "add: a region" refuses 'hmem.0 is a region, .*ramify create hmem.0 --size all' 1 add -n hmem.0
check "resize: unknown device" refuses 'no device "dax9.9"' 1 resize --size 1G dax9.9
check "destroy: no device" refuses 'which device' 2 destroy
check "destroy: unknown device" refuses 'no device "dax9.9"' 1 destroy dax9.9
check "destroy: a device without memory" refuses 'no device "dax0.0"' 1 destroy dax0.0
if [ "$(id -u)" != 0 ]; then
	plan
	exit
fi

check "unknown region" refuses 'no region "hmem.9"' 1 create --size 1G hmem.9
check "a name of 500 characters" refuses 'no region' 1 create --size 1G "$long"
check "size 0" refuses 'size 0 holds nothing' 1 create --size 0 hmem.0
check "share 0" refuses 'size 0 holds nothing' 1 create --size 0% hmem.0
check "size 2^63" refuses 'too little for 8 EiB' 1 create --size 9223372036854775808 hmem.0
check "size 2^64 - 1" refuses 'of 18446744073709551615 bytes .*128 MiB; 17592186044288 MiB lose nothing' 1 create --size 18446744073709551615 hmem.0
check "too much" refuses '1 GiB left; .* too little for 2 GiB' 1 create --size 2G hmem.0
check "what loses names what does not" \
	refuses 'of 300 MiB 44 MiB would be lost.*128 MiB; 256 MiB or 384 MiB lose nothing' 1 \
	create --size 300M hmem.0
check "one byte" refuses 'of 1 byte 1 byte would be lost' 1 create --size 1 hmem.0
check "less than a block" refuses '128 MiB lose nothing' 1 create --size 2M hmem.0
check "a small share" refuses 'less than 128 MiB' 1 create --size 1% hmem.0
check "alignment no power of two" refuses 'power of two, and 3 MiB is none' 1 \
	create --size 384M --align 3M hmem.0
check "alignment below the region's" refuses 'units of 2 MiB' 1 create --size 1G --align 4K hmem.0
check "alignment above all" refuses 'nothing aligned to 8 EiB|would be lost|no multiple' 1 \
	create --size 1G --align 9223372036854775808 hmem.0
check "all, several times" refuses 'one device only.*25%' 1 create --size all --count 4 hmem.0
check "not so many" refuses 'room for 4 of 256 MiB.* not for 5' 1 create --size 256M --count 5 hmem.0
check "an address outside" refuses 'not in hmem.0, which is 0x140000000 to 0x17fffffff' 1 \
	create --size 128M --at 0x180000000 hmem.0
check "an address that is not aligned" refuses '0x140000000 and 0x148000000 are' 1 \
	create --size 128M --at 0x140200000 hmem.0
check "one address for several" refuses 'one address is for one device' 1 \
	create --size 128M --at 0x140000000 --count 2 hmem.0
check "too little behind an address" refuses 'at 0x178000000 128 MiB are free, too little' 1 \
	create --size 256M --at 0x178000000 hmem.0
check "a span that the colors do not divide" refuses 'N divides the span' 1 \
	create --size all --color 1/3 --color-span 1 hmem.0
check "colors smaller than a block" refuses '32 MiB.*lost.*up to 2 colors' 1 \
	create --size all --color 2/8 --color-span 256M hmem.0
check "a share" says 'a device: 256 MiB at 0x140000000.*hmem.0: 768 MiB left' --size 25% hmem.0
check "several" says '0x140000000.*0x148000000.*512 MiB|768 MiB left' --size 128M --count 2 hmem.0
check "a color" says '512 MiB in 4 pieces from 0x148000000 on, color 2/2.*512 MiB left in 4 pieces' \
	--size all --color 2/2 --color-span 256M hmem.0
check "small colors, raw" says '128 MiB in 4 pieces.*color 2/8, raw' --as raw \
	--size all --color 2/8 --color-span 256M hmem.0
check "at an address" says 'a device: 128 MiB at 0x150000000' --size 128M --at 0x150000000 hmem.0
check "less alignment tells of the loss" says 'note: of it 44 MiB would be lost' \
	--size 300M --align 2M hmem.0
check "an owner means raw" says '300 MiB at 0x140000000, raw, for root, mode 0600' \
	--size 300M --owner root hmem.0

tree soft-reserved-6.12
check "nothing left" refuses 'nothing is left of the 1 GiB of hmem.0.*dax0.0' 1 create --size 128M hmem.0
check "a device for a region" refuses 'dax0.0 is a device.*region hmem.0' 1 create --size 1G dax0.0
check "resize to 0" refuses 'ramify destroy' 1 resize --size 0 dax0.0
check "resize to 2^63" refuses 'can have 1 GiB at most, not 8 EiB' 1 resize --size 9223372036854775808 dax0.0
check "resize to 2^64 - 1" refuses 'memory blocks of 128 MiB; 17592186044288 MiB lose nothing' 1 \
	resize --size 18446744073709551615 dax0.0
check "resize to 2^64" refuses 'is too much: no size is above' 2 resize --size 18446744073709551616 dax0.0
check "resize beyond" refuses 'can have 1 GiB at most, not 2 GiB' 1 resize --size 2G dax0.0
check "resize with a loss" refuses '44 MiB would be lost.*256 MiB or 384 MiB' 1 resize --size 300M dax0.0

tree multi-extent-6.12
check "fragments" says '896 MiB at|128 MiB at|left' --as raw --size all hmem.0
check "an address that is taken" refuses 'nothing is free at 0x148000000' 1 \
	create --size 128M --at 0x148000000 hmem.0

tree pmem-6.12
check "no labels" refuses 'region0 has no labels' 1 create --size 128M region0
check "destroy: no labels" refuses 'has no label: it is all of region0' 1 destroy dax0.0
tree pmem-kmem-6.12
check "destroy: what is RAM" refuses 'is RAM.*ramify remove dax0.0' 1 destroy dax0.0
check "resize: what is RAM" refuses 'is RAM.*ramify remove dax0.0' 1 resize --size 128M dax0.0
tree nvdimm-6.12
check "pmem: an address" refuses 'none at an address' 1 create --size 16M --at 0 region0
check "pmem: a color" refuses 'none of one color' 1 create --size all --color 1/2 --color-span 4 region0
check "pmem: too much" refuses '64 MiB left.*too little for 512 MiB' 1 create --size 512M region0
check "pmem: no multiple" refuses 'no multiple of the alignment, 16 MiB' 1 create --size 20M region0
tree ours-6.12
check "destroy: held memory" refuses 'in use without its device|is RAM' 1 \
	destroy "$(ramify --root "$root" list --json | jq -r '[.devices[] | select(.mode == "held")][0].device')"
plan
