#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ramify run becomes the program that it is given, and says why not if it cannot.
set -u
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

mkdir "$scratch/policy.d"
conf=$scratch/ramifyd.conf
printf '[global]\nperiod = 2s\n' >"$conf"
cat >"$scratch/policy.d/a.conf" <<-END
	[policy gold]
	run = root
	[policy slow]
	exe = /no/such
	tier = slow
	numa-balancing = off
	[policy mixed]
	run = *
	fast-max = 25%
	interleave = yes
END

run()
{
	local policy=$1

	shift
	ramify run --config "$conf" --no-scope -p "$policy" -- "$@"
}

status_passes()
{
	expect 0 run gold true && expect 7 run gold sh -c 'exit 7' && expect 137 run gold sh -c 'kill -9 $$'
}

# It is the process itself that becomes the program.
same_process()
{
	local pid

	ramify run --config "$conf" --no-scope -p gold -- sh -c 'echo $$; exec sleep 60' >"$scratch/pid" &
	pid=$!
	until [ -s "$scratch/pid" ]; do sleep 0.1; done
	kill -TERM $pid
	wait $pid
	[ $? = 143 ] && [ "$(cat "$scratch/pid")" = $pid ]
}

all_passes()
{
	local out

	# shellcheck disable=SC2016 # for that shell
	out=$(cd / && echo input | WORD='a b' run gold bash -c \
		'read -r line; echo "$line, $WORD, $PWD, $0, $1"' $'first\nline' '--help')
	[ "$out" = $'input, a b, /, first\nline, --help' ] || { echo "$out"; return 1; }
	expect 0 ls /proc/self/fd && mv "$scratch/out" "$scratch/without" || return
	expect 0 run gold ls /proc/self/fd && diff "$scratch/out" "$scratch/without"
}

# As numa_maps shows it.
memory_policy()
{
	local shown

	shown=$(run "$1" cat /proc/self/numa_maps 2>/dev/null | awk 'NR == 1 { print $2, $3 }')
	echo "$shown"
	grep -qE -- "$2" <<<"$shown"
}

unknown_policy()
{
	expect 2 run silver true || return
	grep -qF "no policy \"silver\" in $conf and $scratch/policy.d/*.conf" "$scratch/err" &&
		grep -q '^usage: ' "$scratch/err" &&
		expect 2 run '' true && grep -qF 'no policy "" in ' "$scratch/err"
}

# A daemon that tells what this command does not know: files hold.
nonsense_told()
{
	mkdir -p "$scratch/root/run/ramify"
	python3 - "$scratch/root/run/ramify/ramifyd.sock" <<-'END' &
		import socket, sys
		s = socket.socket(socket.AF_UNIX)
		s.bind(sys.argv[1])
		s.listen()
		c, _ = s.accept()
		c.recv(4096)
		c.sendall(b'HTTP/1.0 200 OK\r\n\r\n{"policy": "odd", "settings": {"weight": "much"}}')
	END
	until [ -S "$scratch/root/run/ramify/ramifyd.sock" ]; do sleep 0.1; done
	expect 2 ramify --root "$scratch/root" run -p odd -- true && wait $! &&
		grep -q 'ramifyd tells of policy odd makes no sense here, so files are read: .*weight' "$scratch/err" &&
		grep -q 'there is no policy "odd"' "$scratch/err"
}

bad_file()
{
	printf '[policy x]\nweight = many\n' >"$scratch/policy.d/b.conf"
	expect 1 run gold true
	local status=$?

	rm "$scratch/policy.d/b.conf"
	[ $status = 0 ] && grep -q 'policy.d/b.conf:2: weight = many' "$scratch/err"
}

no_such_config()
{
	expect 1 ramify run --config "$scratch/none" -p gold -- true && grep -q 'none: No such' "$scratch/err"
}

cannot_start()
{
	expect 127 run gold /no/such/program && grep -q '/no/such/program cannot be started' "$scratch/err" &&
		expect 126 run gold / && grep -q 'Permission denied' "$scratch/err"
}

# Others than root only with a line that says so.
other_user()
{
	chmod -R a+rX "$scratch"
	expect 1 setpriv --reuid 4711 --clear-groups env "PATH=$PATH" \
		ramify run --config "$conf" -p gold -- true || return
	grep -q 'a.conf:1 has no line run = ' "$scratch/err" || return
	expect 0 setpriv --reuid 4711 --clear-groups env "PATH=$PATH" \
		ramify run --config "$conf" --no-scope -p mixed -- true
}

incomplete()
{
	expect 2 ramify run -- true && grep -q 'policy is missing' "$scratch/err" &&
		expect 2 ramify run -p gold && grep -q 'program is missing' "$scratch/err" &&
		expect 2 ramify run -p $'g\e' -- true && grep -q 'control character' "$scratch/err"
}

check "a daemon that makes no sense" nonsense_told
check "the exit status is the program's" status_passes
check "the process and its signals are the program's" same_process
check "arguments, input, environment and descriptors are passed" all_passes
check "fast nodes are preferred" memory_policy gold '^prefer \(many\)(=balancing)?(=)?:0'
check "NUMA balancing is kept off" memory_policy slow '^prefer \(many\):'
check "what interleaves is started, slow memory or not" expect 0 run mixed true
check "an unknown policy" unknown_policy
check "a bad file" bad_file
check "a configuration that is not there" no_such_config
check "a program that cannot be started" cannot_start
if [ "$(id -u)" = 0 ]; then
	check "another user" other_user
else
	skip "another user" "only root may be another user"
fi
check "a wrong call" incomplete
plan
