#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ramifyd --check names what is wrong in a configuration, and -h agrees with the manual page.
set -u
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

ramifyd=$(dirname "$(command -v ramify)")/../daemon/ramifyd
mkdir "$scratch/policy.d"
conf=$scratch/ramifyd.conf

good()
{
	printf '[global]\nperiod = 2s\nbudget = 0.5%%\n' >"$conf"
	printf '[policy a]\nuser = root\nfast-max = 10%%\n' >"$scratch/policy.d/a.conf"
	expect 0 "$ramifyd" --config "$conf" --check && grep -q '^1 policy,' "$scratch/out"
}

# wrong LINE TEXT REASON: a policy file that ends with TEXT.
wrong()
{
	printf '[policy a]\nuser = root\n%b\n' "$2" >"$scratch/policy.d/a.conf"
	expect 1 "$ramifyd" --config "$conf" --check || return
	cat "$scratch/err"
	grep -qF "policy.d/a.conf:$1: " "$scratch/err" && grep -q "$3" "$scratch/err"
}

# The later of the two lines that contradict is named.
wrong_pair()
{
	printf '[policy a]\nuser = root\n' >"$scratch/policy.d/a.conf"
	printf '[global]\nperiod = 20s\n' >"$conf"
	printf '[global]\n\nperiod-max = 10s\n' >"$scratch/policy.d/0.conf"
	expect 1 "$ramifyd" --config "$conf" --check || return
	rm "$scratch/policy.d/0.conf"
	cat "$scratch/err"
	grep -qF 'policy.d/0.conf:3: period is longer than period-max: 20 s and 10 s' "$scratch/err" ||
		return
	printf '[global]\nperiod = 40s\n' >"$conf"
	expect 1 "$ramifyd" --config "$conf" --check &&
		grep -qF 'ramifyd.conf:2: period is longer' "$scratch/err"
}

# empty LINE TEXT: a policy of which nothing is said, wherever it stands.
empty()
{
	printf '[global]\nperiod = 2s\n' >"$conf"
	printf '%b' "$2" >"$scratch/policy.d/a.conf"
	expect 1 "$ramifyd" --config "$conf" --check || return
	cat "$scratch/err"
	grep -qF "policy.d/a.conf:$1: policy a: matches nothing: " "$scratch/err"
}

# A user who may come later is no fault.
missing_user()
{
	printf '[policy a]\nuser = root\nuser = nosuch\nuser = 4711\nrun = *\n' >"$scratch/policy.d/a.conf"
	expect 0 "$ramifyd" --config "$conf" --check && grep -q '^1 policy, all right' "$scratch/out" ||
		return
	[ "$(grep -c 'no such user' "$scratch/out")" = 1 ] &&
		grep -q 'policy.d/a.conf:3: policy a: user = nosuch: there is no such user' "$scratch/out"
}

no_file()
{
	expect 1 "$ramifyd" --config "$scratch/none" --check &&
		grep -q 'none: No such file' "$scratch/err"
}

# An empty one would be all right.
fifo()
{
	mkfifo "$scratch/policy.d/b.conf"
	expect 1 "$ramifyd" --config "$conf" --check && grep -q 'b.conf: is no regular file' "$scratch/err"
}

usage_agrees()
{
	expect 0 "$ramifyd" -h || return
	diff <(sed -n 's/^  \(--[a-z]*\( [A-Z]\+\)\?\) .*/\1/p' "$scratch/out") \
		<(sed -n '/^# OPTIONS/,/^# SIGNALS/s/^\*\(--.*\)/\1/p' doc/man/ramifyd.8.scd | tr -d '*_')
}

wrong_call()
{
	expect 2 "$ramifyd" --nonsense && expect 2 "$ramifyd" word
}

check "a good configuration" good
check "a value that is none" wrong 3 'fast-max = many' fast-max
check "a key that is none" wrong 3 'fast = 3' 'no such setting'
check "a line that is none" wrong 4 'weight = 1\nnonsense' 'neither'
check "a minimum above the maximum" wrong 1 'fast-min = 2G\nfast-max = 1G' 'more than fast-max'
check "more guaranteed than there is" wrong 1 'fast-min = 1000T' \
	'fast-min 1048576000 MiB are guaranteed, and fast memory has [0-9]* MiB in all'
check "a size beyond all bounds" wrong 3 'fast-min = 5000000T' 'below 4194304T'
check "a share beyond all bounds" wrong 3 'fast-max = 101%' 'at most 100%'
check "a mapping that is none" wrong 3 'mapping = text fast' 'anon:GLOB, shared, shared:GLOB, memfd, memfd:GLOB'
check "lines that contradict" wrong_pair
check "an empty policy" empty 1 '[policy a]\n'
check "an empty policy before another" empty 2 '\n[policy a]\n[policy b]\nuser = root\n'
check "an empty policy before [global]" empty 3 '[policy b]\nuser = root\n [policy a]\n[global]\n'
check "a user that is missing" missing_user
check "no file" no_file
check "a FIFO" fifo
check "-h agrees with the page" usage_agrees
check "a wrong call" wrong_call
plan
