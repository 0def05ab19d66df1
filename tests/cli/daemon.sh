# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For tests that ask a running ramifyd, with `ramify --root "$root"` or at $socket; after tap.sh.

: "${scratch:?comes from tap.sh}"
ramifyd=$(dirname "$(command -v ramify)")/../daemon/ramifyd
root=$scratch/root
socket=$root/run/ramify/ramifyd.sock
mkdir -p "$root/run/ramify" "$scratch/policy.d"
chmod 755 "$scratch"
printf '[global]\nperiod = 100ms\n' >"$scratch/ramifyd.conf"

daemon_start()
{
	# Not what the one before has said.
	: >"$scratch/log"
	"$ramifyd" --config "$scratch/ramifyd.conf" --socket "$socket" 2>"$scratch/log" &
	daemon=$!
	for ((i = 0; i < 600; i++)); do
		! grep -q started "$scratch/log" || return 0
		kill -0 $daemon 2>/dev/null || break
		sleep 0.1
	done
	cat "$scratch/log"
	return 1
}

# It ends well, and the sanitizer has nothing to say.
daemon_end()
{
	kill "$daemon" && wait "$daemon" && [ ! -e "$socket" ]
}
