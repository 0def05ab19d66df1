#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ramify doctor on a recorded tree, with modules on its disk.
set -u
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

root=$scratch/root
tests/trees/unpack tests/trees/soft-reserved-6.12.tree "$root"
release=$(cat "$root/proc/sys/kernel/osrelease")

# The smallest thing that depmod takes for a module.
install_ramify()
{
	local dir=$root/lib/modules/$release

	mkdir -p "$dir/updates"
	echo 'static const char v[] __attribute__((section(".modinfo"), used)) = "version='"$1"'";' |
		cc -c -x c - -o "$dir/updates/ramify.ko"
	touch "$dir/modules.order" "$dir/modules.builtin"
	depmod -b "$root" "$release"
}

# SUBJECT VERDICT
verdict()
{
	ramify --root "$root" doctor --json >"$scratch/json"
	[ "$(jq -r --arg subject "$1" '.findings[] | select(.subject == $subject).verdict' \
		"$scratch/json")" = "$2" ]
}

json_is_sound()
{
	expect 1 ramify --root "$root" doctor --json || return
	jq -e 'keys == ["findings"] and (.findings | length > 5) and
		all(.findings[]; keys == ["remedy", "subject", "text", "verdict"] and
			(.verdict | IN("ok", "warn", "bad")) and
			(.verdict != "bad" or .remedy != null))' "$scratch/out"
}

bad_is_1()
{
	expect 1 ramify --root "$root" doctor && [ ! -s "$scratch/err" ] &&
		grep -q '^bad  *driver' "$scratch/out"
}

installed()
{
	install_ramify 0.1.0 && verdict driver ok &&
		expect 0 ramify --root "$root" doctor && grep -q 'ramify.ko 0.1.0 is installed' "$scratch/out"
}

unsigned()
{
	mkdir -p "$root/sys/kernel/security"
	echo 'none [integrity] confidentiality' >"$root/sys/kernel/security/lockdown"
	verdict lockdown bad
}

# Every line of the table has room, and no word is broken.
fits()
{
	script -qec "stty cols 60 && ramify --root $root doctor" /dev/null |
		tr -d '\r' >"$scratch/terminal"
	! grep -o '[a-z]*' "$scratch/terminal" | grep -vxF "$(ramify --root "$root" doctor |
		grep -o '[a-z]*')"
}

check "something bad is exit status 1, and no message" bad_is_1
check "JSON is sound" json_is_sound
check "a module on the disk is found" installed
check "words are not broken on a narrow terminal" fits
check "an unsigned module under lockdown" unsigned
check "this system's own" bash -c 'ramify doctor --json | jq -e .findings'
too_many()
{
	expect 2 ramify doctor all && grep -q 'takes no argument such as "all"' "$scratch/err"
}

check "an argument too many" too_many
plan
