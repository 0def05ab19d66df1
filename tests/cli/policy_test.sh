#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ramify policy and a running ramifyd: what is set live holds, what makes no sense changes nothing.
set -u
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

if [ "$(id -u)" != 0 ]; then
	echo "1..0 # SKIP only root may set policies"
	exit 0
fi
# shellcheck source=tests/cli/daemon.sh
. tests/cli/daemon.sh
cat >"$scratch/policy.d/a.conf" <<-END
	[policy none]
	cgroup = /no/such/group
	fast-max = 25%
	mapping = heap fast
END

policy()
{
	ramify --root "$root" policy "$@"
}

no_daemon()
{
	expect 1 policy list || return
	cat "$scratch/err"
	grep -q 'does not run: .*systemctl start ramifyd' "$scratch/err"
}

# says REGEX: what was printed
says()
{
	grep -qE -- "$1" "$scratch/out" "$scratch/err" || { cat "$scratch/out" "$scratch/err"; return 1; }
}

lists()
{
	expect 0 policy list && says '^A look every [0-9.]+ s, at [0-9.]+ % of memory' &&
		says '^none +0 +auto +0 +25% +100 +cgroup = /no/such/group ' &&
		says "$scratch/policy.d/a.conf:1"
}

shows()
{
	expect 0 policy show none && says '^\[policy none\]' && says '^mapping = heap fast' &&
		says '^fast-max = 25%' || return
	# As a file could have it.
	mkdir -p "$scratch/again/policy.d"
	cp "$scratch/out" "$scratch/again/policy.d/x.conf"
	: >"$scratch/again/ramifyd.conf"
	expect 0 "$ramifyd" --config "$scratch/again/ramifyd.conf" --check
}

sets()
{
	expect 0 policy set none fast-max=10% weight=7 mapping='anon slow' mapping='stack fast' || return
	expect 0 policy show none && says '^weight = 7' && says '^fast-max = 10%' || return
	says '^# set live: fast-max, weight, mapping' || return
	[ "$(grep -c '^mapping' "$scratch/out")" = 2 ]
}

unsets()
{
	expect 0 policy unset none weight && expect 0 policy show none &&
		says '^weight = 100' && says '^fast-max = 10%' || return
	expect 0 policy unset none && expect 0 policy show none &&
		says '^mapping = heap fast' && says '^fast-max = 25%' || return
	expect 1 policy unset none && says 'nothing was set live'
}

makes_new()
{
	expect 0 policy set new pid=$$ tier=slow && expect 0 policy list --json || return
	[ "$(jq -r '.policies[0] | .policy, .file, .live[]' "$scratch/out" | xargs)" = \
		'new null pid tier' ] || return
	expect 0 policy unset new tier && says 'as files say' || return
	expect 0 policy unset new && says 'policy new is gone: it was only set live' &&
		expect 0 policy list && ! grep -q ^new "$scratch/out"
}

# What is told in the journal is what was done.
logs()
{
	grep -q "policy new is in part again as files say" "$scratch/log" &&
		grep -q "policy new is gone" "$scratch/log" &&
		[ "$(grep -c 'policy new was set live' "$scratch/log")" = 1 ]
}

# empty BODY: nothing is set by it.
empty()
{
	curl -sS --unix-socket "$socket" -X PATCH -d "$1" http://x/v1/policies/none >"$scratch/out" &&
		says 'nothing was sent to be set' && ! grep -q 'policy none was set live' "$scratch/log"
}

# refuses REASON ARGUMENT...: nothing has changed.
refuses()
{
	local before

	before=$(policy list --json)
	expect 1 policy "${@:2}" && says "$1" || return
	diff <(echo "$before") <(policy list --json)
}

reloads()
{
	policy set none weight=9 || return
	printf '[policy none]\ncgroup = /x\n[policy more]\nuser = nosuch\n' >"$scratch/policy.d/a.conf"
	for ((i = 0; i < 600; i++)); do
		[ "$(policy list --json | jq '.policies | length')" != 2 ] || break
		sleep 0.1
	done
	grep -q "a.conf:4: policy more: user = nosuch: there is no such user" "$scratch/log" || return
	# What was set live stays.
	expect 0 policy show none && says '^weight = 9' && says '^cgroup = /x' || return
	policy unset none
}


pauses()
{
	expect 0 policy pause && expect 0 policy list && says '^Paused: ' || return
	daemon_end && daemon_start || return
	expect 0 policy list && says '^Paused: ' && grep -q 'paused, as before' "$scratch/log" || return
	expect 0 policy resume && expect 0 policy list && ! grep -q Paused "$scratch/out" &&
		[ ! -e "$root/run/ramify/paused" ]
}

# A line for all, and a word for one of them.
dry_runs()
{
	expect 0 policy list && ! grep -qi 'dry run' "$scratch/out" || return
	expect 0 policy set none dry-run=yes && expect 0 policy list &&
		says '^POLICY .* NOTE ' && says '^none .* dry run ' || return
	policy unset none || return
	printf '[global]\nperiod = 100ms\ndry-run = yes\n' >"$scratch/ramifyd.conf"
	for ((i = 0; i < 600; i++)); do
		expect 0 policy list || return
		! grep -q '^Dry run: nothing is moved' "$scratch/out" || break
		sleep 0.1
	done
	says '^Dry run: nothing is moved' || return
	printf '[global]\nperiod = 100ms\n' >"$scratch/ramifyd.conf"
}

# Nothing could be moved here.
no_decisions()
{
	expect 0 policy decisions || return
	expect 0 policy decisions --json && [ "$(jq -c . "$scratch/out")" = '{"decisions":[]}' ]
}

# report says what ramifyd is, to those who may know.
reports()
{
	expect 0 ramify --root "$root" report &&
		[ "$(sed '1,/^=== ramifyd ===$/d;/^$/,$d' "$scratch/out" | jq .paused)" = false ] || return
	expect 0 setpriv --reuid=65534 --clear-groups ramify --root "$root" report &&
		sed '1,/^=== ramifyd ===$/d;/^$/,$d' "$scratch/out" | grep -q 'members of group ramify'
}

# Anybody may connect, and is told what is missing.
unprivileged()
{
	expect 1 setpriv --reuid=65534 --clear-groups ramify --root "$root" policy list &&
		says 'members of group ramify' || return
	expect 1 setpriv --reuid=65534 --clear-groups ramify --root "$root" policy set none weight=1 &&
		says 'only root'
}

metrics()
{
	curl -sS --unix-socket "$socket" http://x/metrics >"$scratch/out" &&
		says '^ramify_rounds_total [0-9]+$' && says '^# TYPE ramify_rounds_total counter$'
}

# Only that, and only to be read.
port()
{
	local at number=$((20000 + $$ % 10000))	# not one that connections are given

	for at in 127.0.0.1:$number "[::1]:$number"; do
		printf '[global]\nperiod = 100ms\nmetrics-listen = %s\n' "$at" >"$scratch/ramifyd.conf"
		for ((i = 0; i < 600; i++)); do
			curl -fsS "http://$at/metrics" >"$scratch/out" 2>"$scratch/err" && break
			sleep 0.1
		done
		says '^ramify_rounds_total' || return
		[ "$(curl -s -o "$scratch/out" -w '%{http_code}' "http://$at/v1/status")" = 403 ] || return
		[ "$(curl -s -o "$scratch/out" -w '%{http_code}' -X POST "http://$at/v1/pause")" = 403 ] ||
			return
	done
	printf '[global]\nperiod = 100ms\n' >"$scratch/ramifyd.conf"
	for ((i = 0; i < 600; i++)); do
		curl -fsS "http://127.0.0.1:$number/metrics" >/dev/null 2>&1 || break
		sleep 0.1
	done
	[ $i != 600 ]
}

# Before it tries anything.
another()
{
	expect 1 "$ramifyd" --config "$scratch/ramifyd.conf" --socket "$socket" &&
		says "another ramifyd listens at $socket: .*ss -xlp src $socket" &&
		[ "$(wc -l <"$scratch/err")" = 1 ] && [ -e "$socket" ]
}

# What it leaves is no daemon.
replaces()
{
	kill -KILL "$daemon"
	wait "$daemon"
	[ -S "$socket" ] && daemon_start && expect 0 policy list
}

# names_no_file ARGUMENT...: what came from here is no line of a file.
names_no_file()
{
	refuses '^ramify policy: policy none: ' "$@" && ! grep -qF a.conf "$scratch/err"
}

wrong_calls()
{
	local action

	for action in show set unset; do
		expect 2 policy $action && says '^ramify policy: which policy\? ' || return
	done
	expect 2 policy show a b && says 'no argument such as "b"' || return
	expect 2 policy set a && says 'set what of policy a\? KEY=VALUE' || return
	expect 2 policy && expect 2 policy frobnicate && expect 2 policy set a weight &&
		expect 2 policy pause now
}

check "no daemon" no_daemon
check "a daemon" daemon_start
check "list" lists
check "show" shows
check "an empty body" empty '{}'
check "set" sets
check "unset" unsets
check "set: a new one" makes_new
check "set and unset are logged as what they were" logs
check "unset: a key that is none" refuses 'nokey: a policy has no such setting' unset none nokey
check "unset: a key that was not set" refuses 'weight: nothing was set live' unset none weight
check "set: a value that is none" refuses 'fast-max = many: ' set none fast-max=many
check "set: a key that is none" refuses 'no such setting' set none fast=1
check "set: no match" refuses 'matches nothing' set new weight=1
check "set: more guaranteed than there is" refuses 'are guaranteed' set none fast-min=1000T
check "set: no file is blamed" names_no_file set none fast-min=1000T
check "set: a name that is none" refuses 'names have' set 'a b/../c' pid=1
check "set: good beside bad" refuses 'weight' set none fast-max=5% weight=0
check "show: one that is not there" refuses 'no policy' show nonsense
check "reload: what was set live stays" reloads
check "another daemon is refused" another
check "a daemon that was killed is replaced" replaces
check "pause holds over a restart" pauses
check "a dry run is seen" dry_runs
check "decisions" no_decisions
check "report" reports
check "without privilege" unprivileged
check "metrics" metrics
check "metrics at a loopback port" port
check "wrong calls" wrong_calls
check "the end" daemon_end
plan
