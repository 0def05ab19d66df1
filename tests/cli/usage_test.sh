#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each command's -h agrees with its manual page, and wrong calls are told in a line or two.
set -u
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

# Without man's markup, in one line.
synopsis()
{
	local words

	mapfile -t words < <(sed -n '/^# SYNOPSIS$/,/^# DESCRIPTION$/{/^#/d;/^$/d;p}' \
		"doc/man/$1.1.scd" | sed 's/\\\(.\)/\1/g; s/[*_]//g')
	echo "${words[*]}"
}

agrees()
{
	local command=$1 usage

	expect 0 ramify "$command" -h || return
	usage=$(sed -n 's/^usage: //p' "$scratch/out" | tr '\n' ' ' | sed 's/ $//')
	diff <(echo "$usage") <(synopsis "ramify-$command") || return
	expect 0 ramify help "$command" || return
	grep -qxF "usage: $usage" "$scratch/out"
}

# The page is listed in the page of all, and in what is built.
is_listed()
{
	grep -q "^\*$1\*$" doc/man/ramify.1.scd || return
	grep -q "'ramify-$1.1'" doc/meson.build
}

# The page and -h tell of the same options, by the same words; they are those that the command knows.
options_agree()
{
	local page told known

	page=$(sed -n 's/^\*\(-.*\)/\1/p' "doc/man/ramify-$1.1.scd" | sed 's/\\\(.\)/\1/g; s/[*_]//g' | sort)
	expect 0 ramify "$1" -h || return
	told=$(sed -n 's/^  \(-.*\)/\1/p' "$scratch/out" | sed 's/   *.*//' | sort)
	diff <(echo "$told") <(echo "$page") || return
	known=$(grep -o '{ "[a-z-]*", [a-z]*_argument' "cli/cmd_$1.c" |
		sed 's/{ "/--/; s/".*//' | sort -u)
	diff <(echo "$known") <(grep -o -- '--[a-z-]*' <<<"$told" | sort -u) || return
	[ "$(wc -L <"$scratch/out")" -le 100 ]
}

is_short()
{
	[ -s "$scratch/err" ] && [ "$(wc -c <"$scratch/err")" -lt 1500 ]
}

unknown_option()
{
	expect 2 ramify "$1" --no-such-option && is_short && grep -q '^usage: ' "$scratch/err"
}

long_name()
{
	local name

	name=$(printf 'a%.0s' {1..10000})
	expect 2 ramify "$name" && is_short || return
	expect 2 ramify "--$name" && is_short || return
	expect 2 ramify list "$name" && is_short || return
	expect 2 ramify --root "/$name" list && is_short || return
	expect 1 ramify --root "/${name:0:8000}" list && is_short
}

# Neither by us nor by getopt, whatever is wrong with it.
control_characters()
{
	local argument

	for argument in $'dax0.0\e[31m' $'--no\a' $'dax\n0.0' $'\x7f' $'\u009b31m'; do
		expect 2 ramify list "$argument" && is_short || return
		grep -q 'control character' "$scratch/err" || return
		! LC_ALL=C grep -q $'[\x01-\x08\x0b-\x1f\x7f]\|\xc2[\x80-\x9f]' "$scratch/err" || return
		[ "$(wc -l <"$scratch/err")" = 1 ] || return
	done
}

# A file that the command opens must not become one of them.
closed_descriptors()
{
	expect 0 bash -c 'ramify list --json <&- 2>&-' || return
	expect 1 bash -c 'ramify list --json >&-' && grep -q 'cannot write' "$scratch/err" || return
	expect 1 bash -c 'ramify list --json >&- 2>&- <&-'
}

full_disk()
{
	expect 1 bash -c 'ramify list --json >/dev/full' && grep -q 'No space left' "$scratch/err"
}

version()
{
	expect 0 ramify --version &&
		grep -qx "ramify $(sed -n "s/^ *version: '\(.*\)',/\1/p" meson.build)" "$scratch/out"
}

# The modules' sources are installed and built without Meson's file.
module_version()
{
	local module

	module=$(sed -n 's/^VERSION := //p' kernel/Makefile)
	[ -n "$module" ] && expect 0 ramify --version && grep -qx "ramify $module" "$scratch/out"
}

commands=$(ramify -h | sed -n 's/^  \([a-z]*\) .*/\1/p')

check "there are commands" test -n "$commands"
for command in $commands; do
	check "$command: usage and manual page agree" agrees "$command"
	check "$command: options and manual page agree" options_agree "$command"
	check "$command: its page is listed" is_listed "$command"
	check "$command: an unknown option" unknown_option "$command"
done
check "ramify: usage and manual page agree" \
	diff <(ramify -h | sed -n 's/^usage: //p') <(synopsis ramify)
check "--version" version
check "the modules have the same version" module_version
check "no command" expect 2 ramify
check "an unknown command" expect 2 ramify frobnicate
check "an unknown command to help" expect 2 ramify help frobnicate
check "--root without a value" expect 2 ramify --root
check "a root that is not there" expect 1 ramify --root /no/such/place list
check "names of 10000 characters" long_name
check "output that cannot be written" full_disk
check "control characters are not repeated" control_characters
check "descriptors that are closed" closed_descriptors
plan
