#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# keep and forget called wrongly, or with files that make no sense: a line, and nothing is changed.
set -u
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

root=$scratch/root
tests/trees/unpack tests/trees/soft-reserved-6.12.tree "$root"
mkdir -p "$root"/{etc/ramify/memory.d,run/ramify,var/lib}

# refuses REGEX STATUS ARGUMENT...: on stderr, which is short; the tree stays as it is.
refuses()
{
	local before regex=$1 status=$2

	shift 2
	before=$(find "$root" -type f -not -path '*/run/*' -exec cksum {} + | sort)
	expect "$status" ramify --root "$root" "$@" || return
	diff <(echo "$before") <(find "$root" -type f -not -path '*/run/*' -exec cksum {} + | sort) || return
	grep -qE -- "$regex" "$scratch/err" && [ "$(wc -c <"$scratch/err")" -lt 1500 ] && return
	cat "$scratch/err"
	return 1
}

for command in keep forget; do
	check "$command: no device" refuses 'which device' 2 $command
	check "$command: unknown device" refuses 'no device "dax9.9"' 1 $command dax9.9
	check "$command: a path out of its directory" refuses 'no device' 1 $command ../../../etc/passwd
done
for wrong in "--as" "--as rom" "--zone high" "--node 1024" "--owner" "--owner no-such-user" \
	"--owner root:no-such-group" "--owner 4294967295" "--mode 9" "--mode 01777" "--mode 0000" "--fallback ext4" \
	"--skip 2-1" "--as raw --zone movable" "--as ram --mode 0600" "--as idle --scrub" \
	"--zone movable --mode 0600" "--from-daxctl" "--from-daxctl --as ram"; do
	# shellcheck disable=SC2086 # words
	check "keep $wrong" refuses 'usage: ramify keep' 2 keep $wrong dax0.0
done

check "keep: a range above all addresses" \
	refuses 'skip 0-0xffffffffffffffff is beyond all memory' 2 \
	keep --skip 0x1000-0x1fff,0-0xffffffffffffffff dax0.0
check "keep: an address that overflows" refuses 'skip 0-0x1ffffffffffffffff is beyond all' 2 \
	keep --skip 0-0x1ffffffffffffffff dax0.0
check "keep: a range that ends first" refuses 'skip 0x2000-0x1fff ends before it starts' 2 \
	keep --skip 0x2000-0x1fff dax0.0

# keeps_as_ram NOTE: its note is this one; then nothing is recorded again.
keeps_as_ram()
{
	expect 0 ramify --root "$root" keep --as ram dax0.0 &&
		[ "$(sed -n 's/^  note: //p' "$scratch/out")" = "$1" ] || return
	expect 0 ramify --root "$root" forget dax0.0
}

if [ "$(id -u)" = 0 ]; then
	check "keep: no configuration of daxctl" refuses 'has a section' 1 keep --from-daxctl
	mkdir "$root/etc/daxctl.conf.d"
	printf '[reconfigure-device a]\nmode = ram\n' >"$root/etc/daxctl.conf"
	printf '[reconfigure-device a]\nnvdimm.uuid = ed93e918-e165-49d8-921d-383d7b9660c5\n' \
		>"$root/etc/daxctl.conf.d/x.conf"
	check "keep: a configuration of daxctl that is wrong" \
		refuses 'daxctl.conf, line 2: mode is system-ram or devdax' 1 keep --from-daxctl
	check "keep: daxctl knows what is not there" \
		refuses 'x.conf, line 1: there is no device' 1 keep --from-daxctl

	check "keep: recorded" expect 0 ramify --root "$root" keep --as idle dax0.0
	check "keep: it is shown" grep -q '"intent":"idle"' \
		<(ramify --root "$root" list --json | jq -c .)
	record=$root/etc/ramify/memory.d/soft-reserved-0x140000000.conf
	check "keep: its file" grep -qx 'as = idle' "$record"
	cp "$record" "$root/etc/ramify/memory.d/again.conf"
	check "keep: two files" refuses 'are both about dax0.0' 1 keep --as raw dax0.0
	check "forget: both" expect 0 ramify --root "$root" forget dax0.0
	check "forget: they are gone" [ -z "$(ls "$root/etc/ramify/memory.d")" ]
	check "forget: nothing left" refuses 'nothing is recorded about dax0.0' 1 forget dax0.0
	printf '[memory]\nuuid = 1\nsize = 4096\n[use]\nas = ram\n' >"$root/etc/ramify/memory.d/x.conf"
	check "forget: what is not there" expect 0 ramify --root "$root" forget x.conf
	printf '[use]\nas = ram\n' | tee "$root"/etc/ramify/memory.d/{x,y}.conf >"$scratch/broken"
	check "forget: a file that makes no sense" expect 0 ramify --root "$root" forget x.conf
	check "forget: only that one" [ "$(ls "$root/etc/ramify/memory.d")" = y.conf ]
	rm "$root/etc/ramify/memory.d/y.conf"
	printf '[bad]\nrange = 1\n' >"$root/etc/ramify/badmemory.conf"
	check "list: nonsense about bad memory is told" refuses 'badmemory.conf, line 2' 0 list
	check "add: nonsense about bad memory" \
		refuses 'bad of dax0.0 is not known: .*badmemory.conf, line 2.*nothing was changed' 1 add dax0.0
	check "resize: is not about that" refuses 'ramify destroy' 1 resize --size 0 dax0.0
	rm "$root/etc/ramify/badmemory.conf"
	# Nobody writes to it: whoever opens it like a file waits for ever.
	mkfifo "$root/etc/ramify/badmemory.conf" "$root/etc/ramify/memory.d/x.conf"
	check "list: a list of bad memory that is a FIFO" refuses 'badmemory.conf is no regular file' 0 list
	check "apply: a record that is a FIFO" refuses 'memory.d/x.conf is no regular file' 1 apply
	rm "$root/etc/ramify/badmemory.conf" "$root/etc/ramify/memory.d/x.conf"

	printf '[memory]\nsource = soft-reserved\nrange = 0x1-0x2\n[use]\nas = ram\n[usage]\n' \
		>"$root/etc/ramify/memory.d/x.conf"
	check "apply: a section that is not known" \
		refuses 'memory.d/x.conf, line 6: there is no section .usage.' 1 apply --dry-run
	rm "$root/etc/ramify/memory.d/x.conf"

	check "keep: a range that is elsewhere" refuses 'nothing of 0x1000-0x1fff, .* in dax0.0' 1 \
		keep --as ram --skip 0x1000-0x1fff dax0.0
	printf '[memory]\nsource = soft-reserved\nrange = 0x140000000-0x17fffffff\n[use]\nas = ram\nskip = 0x1000-0x1fff\n' \
		>"$root/etc/ramify/memory.d/x.conf"
	mkdir -p "$root/proc/sys/kernel/random"
	echo 1 >"$root/proc/sys/kernel/random/boot_id"
	check "apply: a range that is elsewhere" refuses 'nothing of 0x1000-0x1fff, .* in dax0.0' 1 apply --dry-run
	printf '[memory]\nsource = soft-reserved\nrange = 0x140000000-0x17fffffff\n[use]\nas = ram\ndriver = kmem\nscrub = yes\n' \
		>"$root/etc/ramify/memory.d/x.conf"
	check "apply: a record that contradicts itself" \
		refuses 'dax0.0, to be RAM as /etc/ramify/memory.d/x.conf says: --scrub needs' 1 apply --dry-run
	rm "$root/etc/ramify/memory.d/x.conf"

	printf '[memory]\nsource = soft-reserved\nrange = 0x140000000-0x17fffffff\n[use]\nas = ram\nadistance = 0\n' \
		>"$root/etc/ramify/memory.d/x.conf"
	check "apply: an abstract distance that is none" refuses 'adistance is a number from 1' 1 apply --dry-run
	rm "$root/etc/ramify/memory.d/x.conf"
	check "keep: an abstract distance that is none" refuses '--adistance is 1 or more' 2 \
		keep --as ram --adistance 0 dax0.0

	check "keep: all of it can be RAM" keeps_as_ram ""
	echo $((200 << 20)) >"$root/sys/bus/dax/devices/dax0.0/size"
	echo 0x14c7fffff >"$root/sys/bus/dax/devices/dax0.0/mapping0/end"
	check "keep: what is lost as RAM, and how it is not" keeps_as_ram \
		"128 MiB become RAM and 72 MiB are lost, as RAM comes in memory blocks of 128 MiB; of 128 MiB or 256 MiB nothing would be (ramify forget, then ramify resize)"
	# That it begins inside a block no size mends.
	echo 0x144000000 >"$root/sys/bus/dax/devices/dax0.0/mapping0/start"
	echo 0x1507fffff >"$root/sys/bus/dax/devices/dax0.0/mapping0/end"
	check "keep: what is lost at its start" keeps_as_ram \
		"128 MiB become RAM and 72 MiB are lost, as RAM comes in memory blocks of 128 MiB"
fi
plan
