#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# add, remove and apply called wrongly, or where nothing can be done: a line, and nothing is changed.
set -u
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

tree()
{
	root=$scratch/$1
	[ -d "$root" ] || tests/trees/unpack "tests/trees/$1.tree" "$root"
	mkdir -p "$root/run"
}

# says REGEX STATUS ARGUMENT...: on stderr, which is short.
says()
{
	local regex=$1 status=$2

	shift 2
	expect "$status" ramify "$@" || return
	grep -qE -- "$regex" "$scratch/err" && [ "$(wc -c <"$scratch/err")" -lt 1500 ] && return
	cat "$scratch/err"
	return 1
}

# But for locks.
contents()
{
	find "$root" -path "$root/run" -prune -o -type f -exec cksum {} + | sort
}

# The same under the tree, which is not changed by it.
refuses()
{
	local before status=0

	before=$(contents)
	says "$1" "$2" --root "$root" "${@:3}" || status=$?
	diff <(echo "$before") <(contents) || status=1
	return $status
}

done_unheard()
{
	mkdir -p "$root/etc/ramify"
	expect 0 bash -c "ramify --root '$root' keep --in-etc --as raw dax0.0 >/dev/full" &&
		grep -q 'cannot write the output: .*; what was asked for is done' "$scratch/err" &&
		[ -n "$(find "$root/etc/ramify" -type f)" ]
}

dry_remove()
{
	expect 0 ramify --root "$root" remove --dry-run dax0.0 &&
		grep -qx 'dax0.0: 896 MiB of RAM on node 1 go' "$scratch/out"
}

# As the remove itself.
dry_remove_full()
{
	local node

	cp -a "$root" "$scratch/full"
	local root=$scratch/full
	for node in 0 1 2; do
		printf "Node $node %s 131072 kB\nNode $node %s 1024 kB\n" MemTotal: MemFree: \
			>"$root/sys/devices/system/node/node$node/meminfo"
	done
	refuses 'dax0.0 holds 127 MiB that are in use, and there is room for 2 MiB elsewhere; nothing' 1 \
		remove --dry-run dax0.0
}

# released LINE PHASE: a remove that was killed after the driver had let go is finished, and says so.
released()
{
	local line=$1 identity text

	mkdir -p "$root/var/lib/ramify" "$root/proc/sys/kernel/random"
	echo 1 >"$root/proc/sys/kernel/random/boot_id"
	identity=uuid-$(cat "$root"/sys/devices/platform/e820_pmem/ndbus0/region0/dax0.0/uuid)
	text=$(printf '%s\n' 'ramify-state 1' "identity $identity" 'device dax0.0' 'boot 1' \
		'driver device_dax' "phase $2" 'mark none' 'zone movable' \
		'extent 0x141200000-0x17fffffff' 'online 0x148000000-0x17fffffff')
	printf '%s\ncrc %s\n' "$text" "$(gzip -c <<<"$text" | tail -c 8 | od -A n -t x4 -N 4 |
		tr -d ' ')" >"$root/var/lib/ramify/$identity.state"
	expect 0 ramify --root "$root" remove dax0.0 && cat "$scratch/out" &&
		[ "$(cat "$scratch/out")" = "$line" ] && [ -z "$(ls "$root/var/lib/ramify")" ]
}

# fills_region LINE SIZE [--dry-run] [RANGE]: a place is recorded, here or elsewhere; then dax0.0 has SIZE.
fills_region()
{
	local line=$1 size=$2 dry=() range=${4-0x900000000-0x90fffffff}

	[ -z "${3-}" ] || dry=("$3")
	mkdir -p "$root/etc/ramify/memory.d"
	printf '[memory]\nsource = soft-reserved\nrange = %s\n[use]\nas = raw\n' "$range" \
		>"$root/etc/ramify/memory.d/x.conf"
	expect 0 ramify --root "$root" apply "${dry[@]}" && cat "$scratch/out" &&
		[ "$(cat "$scratch/out")" = "$line" ] &&
		[ "$(cat "$root/sys/bus/dax/devices/dax0.0/size")" = "$size" ]
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

mkdir "$scratch/empty"
long=$(printf 'a%.0s' {1..10000})
tree soft-reserved-6.12

for command in add remove; do
	check "$command: no device" says 'which device' 2 $command
	check "$command: unknown device" refuses 'no device "dax9.9"; nothing was changed' 1 $command dax9.9
	check "$command: a name of 10000 characters" refuses 'has 10000 characters' 2 $command "$long"
	check "$command: an empty name" refuses 'ramify' 1 $command ''
	check "$command: a name with a slash" refuses 'ramify' 1 $command ../../dax0.0
	check "$command: twice the same" refuses 'dax0.0 is given twice' 2 \
		$command dax0.0 dax0.0
	check "$command: the same by two names" refuses 'dax0.0 and /dev/dax0.0 are the same device' 2 \
		$command dax0.0 /dev/dax0.0
	check "$command: an unknown one among others" refuses 'no device "dax9.9"' 1 \
		$command dax0.0 dax9.9
	check "$command: not root" as_nobody $command dax0.0
	check "$command: no sysfs" says 'sys' 1 --root "$scratch/empty" $command dax0.0
done

for wrong in "--zone" "--zone high" "--zone=" "--node" "--node -1" "--node x" "--node 1024" \
	"--node 1x" "--memmap" "--memmap ram" "--ratio -3" "--ratio 0" "--ratio 99999999999" "--adistance 1.5" \
	"--driver" "--driver vfio" "--skip" "--skip 1" "--skip 2-1" "--skip 0x-0x1" "--skip 1-2," \
	"--skip ,1-2" "--skip 1-2;3-4" "--skip ${long:0:900}" "--skip -1-2"; do
	# shellcheck disable=SC2086 # words
	check "add ${wrong:0:30}" refuses 'usage: ramify add' 2 add $wrong dax0.0
done
for wrong in "--timeout" "--timeout -1" "--timeout 1s" "--timeout 99999999999" "--deadline x" \
	"--deadline 0x"; do
	# shellcheck disable=SC2086
	check "remove $wrong" refuses 'usage: ramify remove' 2 remove $wrong dax0.0
done
check "apply: an argument" refuses 'by --device' 2 apply dax0.0
check "apply: unknown device" refuses 'no device "dax9.9"' 1 apply --device dax9.9

# What cannot be, on recorded systems: as root, under another root, so that nothing can happen.
if [ "$(id -u)" = 0 ]; then
	check "add: a range that is elsewhere" \
		refuses 'nothing of 0x180000000-0x180000fff, which .* in dax0.0, which is 0x140000000-0x17fffffff; nothing was changed' 1 \
		add --skip 0x150000000-0x150000fff,0x180000000-0x180000fff dax0.0
	check "remove: what is not RAM" says 'is not RAM' 1 --root "$root" remove dax0.0
	check "remove, dry run: what is not RAM" refuses 'is not RAM; nothing was changed' 1 \
		remove --dry-run dax0.0
	tree ours-6.12
	check "remove, dry run" dry_remove
	check "remove, dry run, without room" dry_remove_full
	tree idle-region-6.12
	check "apply, dry run: a region without a device" fills_region \
		'dax0.0 would have all of its region, 1 GiB: no device had any of it' 0 --dry-run
	check "apply, dry run: that is to be divided" fills_region \
		'dax0.0 would be divided, as is recorded' 0 --dry-run 0x140000000-0x14fffffff
	mkdir -p "$root/proc/sys/kernel/random"
	echo 1 >"$root/proc/sys/kernel/random/boot_id"
	check "apply: a region without a device" fills_region \
		'dax0.0 has all of its region, 1 GiB: no device had any of it' 1073741824
	tree pmem-6.12
	check "remove: what a killed one has zeroed" released \
		'dax0.0 is taken back: 896 MiB zeroed, driver device_dax' releasing
	check "remove: what nobody has zeroed" released \
		'dax0.0 is taken back: driver device_dax' offlining
	tree pmem-nonode-6.12
	check "add: no valid node" refuses 'no NUMA node.*--node' 1 add namespace0.0
	check "what is done is done, whoever hears of it" done_unheard
	tree pmem-kmem-6.12
	check "add: what is RAM" refuses 'is RAM already .driver kmem' 1 add dax0.0
	rm "$root/sys/bus/dax/devices/dax0.0/driver"
	check "add: what is stuck" refuses 'stuck until a reboot.*kmem' 1 add dax0.0
	check "add: what is stuck, resumed" refuses 'stuck until a reboot' 1 add --resume dax0.0
	check "remove: what is stuck" refuses 'stuck until a reboot' 1 remove dax0.0
	tree blocks-2g-6.12
	printf '0x10000000000\n' >"$root/sys/devices/system/memory/block_size_bytes"
	check "add: no whole block" refuses 'block' 1 add dax0.0
	tree nvdimm-6.12
	printf '51' >"$root/sys/bus/dax/devices/dax0.0/target_node"
	check "add: a node that cannot be" refuses 'node 51 cannot be' 1 add dax0.0
fi
plan
