#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ramify report on a recorded system: all of its parts, and nothing of other files.
set -u
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

root=$scratch/root
tests/trees/unpack tests/trees/hmat-6.12.tree "$root"
mkdir -p "$root"/{proc,dev,etc/ramify/memory.d,etc/modprobe.d,var/lib/ramify}
echo 'secret=hunter2' >"$root/etc/modprobe.d/wifi.conf"
echo 'Linux version 6.12.1' >"$root/proc/version"
printf '[node 1]\ntier = x\n' >"$root/etc/ramify/tiers.conf"
echo 'not a record' >"$root/var/lib/ramify/dax0.0.state"
printf '%s\n' '6,1,1500000,-;ramify dax0.0: added 1 GiB' >"$root/dev/kmsg"
echo 'quiet luks.key=hunter2 root=UUID=1 rd.Token=hunter2' >"$root/proc/cmdline"
mkdir -p "$root"/sys/module/{nfit,dax_hmem/parameters}
echo live >"$root/sys/module/nfit/initstate"
mkdir -p "$root/sys/module/dax_hmem/parameters"
echo Y >"$root/sys/module/dax_hmem/parameters/region_idle"

parts()
{
	local line

	expect 0 ramify --root "$root" report || return
	for line in '=== ramify doctor ===' '=== ramify list ===' '  "devices": \[' '=== ramifyd ===' \
		'ramifyd does not run: nobody listens at .*' '=== system ===' \
		'/proc/version: Linux version 6.12.1' '/sys/module/nfit/initstate: live' \
		'/proc/cmdline: quiet luks.key=\*\*\*\*\*\*\* root=UUID=1 rd.Token=\*\*\*\*\*\*\*' \
		'/sys/module/dax_hmem/parameters/region_idle: Y' '=== memory ===' '=== nodes ===' \
		'/sys/devices/system/node/node0/cpulist: 0-1' '=== devices ===' \
		'/sys/bus/dax/devices/dax0.0/size: [0-9]*' '=== records ===' 'tier = x' \
		'/var/lib/ramify/dax0.0.state: not a record' '=== kernel log ===' \
		'=== journal ===' '(left out: it is of the running system only)' \
		'\[    1.500000\] ramify dax0.0: added 1 GiB'; do
		grep -qx -- "$line" "$scratch/out" || { echo "no $line"; return 1; }
	done
	! grep -q hunter2 "$scratch/out"
}

secrets_in_log()
{
	printf '%s\n' '6,1,1500000,-;Command line: offline netroot.password=hunter2' >"$root/dev/kmsg"
	expect 0 ramify --root "$root" report && ! grep -q hunter2 "$scratch/out" &&
		grep -qxF '[    1.500000] Command line: offline netroot.password=*******' "$scratch/out"
}

quoted_secrets()
{
	printf '%s\n' 'offline a.password="hunter1 hunter2" "b.token=hunter3 hunter4" c=five' >"$root/proc/cmdline"
	expect 0 ramify --root "$root" report && ! grep -q hunter "$scratch/out" &&
		grep -qx '/proc/cmdline: offline a.password=\* "b.token=\* c=five' <(tr -s '*' <"$scratch/out")
}

# What there is in it depends on the machine: entries, or why there are none.
journal()
{
	expect 0 ramify report && sed '1,/^=== journal ===$/d' "$scratch/out" |
		head -n 1 | grep -E '^(20[0-9]{2}-[0-9-]* [0-9:]* [^ ]*: |\(nothing of ramify|\(not read to its end: )'
}

written()
{
	expect 0 ramify --root "$root" report -o "$scratch/report" && [ ! -s "$scratch/out" ] &&
		[ "$(stat -c %a "$scratch/report")" = 600 ] &&
		grep -q '=== kernel log ===' "$scratch/report"
}

not_over()
{
	echo mine >"$scratch/mine"
	expect 1 ramify --root "$root" report -o "$scratch/mine" &&
		grep -q 'mine" cannot be written: File exists' "$scratch/err" &&
		[ "$(cat "$scratch/mine")" = mine ]
}

# Nothing may keep a report from being made.
broken()
{
	echo nonsense >"$root/sys/bus/dax/devices/dax0.0/size"
	expect 0 ramify --root "$root" report && grep -q '^failed: .*dax0.0/size' "$scratch/out" &&
		grep -q '=== kernel log ===' "$scratch/out"
}

full_disk()
{
	expect 1 bash -c "ramify --root '$root' report >/dev/full" &&
		[ "$(cat "$scratch/err")" = 'ramify: cannot write the output: No space left on device' ]
}

check "its parts" parts
check "no secrets of the command line, which is in the log" secrets_in_log
check "no secrets with spaces" quoted_secrets
check "the journal of this machine" journal
check "to a file" written
check "not over a file" not_over
check "of a system that makes no sense" broken
check "with an argument" expect 2 ramify report all
check "to a full disk" full_disk
plan
