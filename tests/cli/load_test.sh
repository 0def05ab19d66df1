#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench/load with servers that answer, and that lose what was stored: no figure may come of that.
set -u
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

load=build/asan/bench/load
servers=$(tests/vm/kernel 6.12 dir)/../../servers

# with SERVER ARGUMENT... -- COMMAND...: while it runs, with its socket as $scratch/socket
with()
{
	local status=0 arguments=() server

	while [ "$1" != -- ]; do
		arguments+=("$1")
		shift
	done
	shift
	rm -f "$scratch/socket"
	"$servers/${arguments[0]}" "${arguments[@]:1}" >"$scratch/server" 2>&1 &
	server=$!
	"$@" || status=$?
	kill $server
	wait $server
	return $status
}

redis=(redis-server --port 0 --unixsocket "$scratch/socket" --save "")
memcached=(memcached -u root -s "$scratch/socket" -t 1)

# uses STATUS SERVER
uses()
{
	expect "$1" "$load" -z -r 1000 -w 1 -s 0 -u "$scratch/socket" "$2" 4
}

loses()
{
	uses 1 "$1" && grep -q 'not what was stored' "$scratch/err"
}

check "redis" with "${redis[@]}" -- uses 0 redis
check "redis without room" with "${redis[@]}" --maxmemory 2mb -- loses redis
check "memcached" with "${memcached[@]}" -- uses 0 memcached
check "memcached without room" with "${memcached[@]}" -m 2 -- loses memcached
check "one server's words for the other" with "${redis[@]}" -- uses 1 memcached
check "a server's load without a server" expect 2 "$load" redis 4
check "a socket that is none of a server's load" expect 2 "$load" -u "$scratch/socket" gups 4
plan
