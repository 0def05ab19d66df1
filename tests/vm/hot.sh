# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For cases that watch where the parts of tools/hot are. Each has pids[NAME], and /tmp/NAME.

hot=build/release/tests/vm/tools/hot
part_mib=4
# shellcheck disable=SC2034 # for the cases
part_pages=$((part_mib * 256))
declare -A pids

# start NAME NODE small|huge|mixed [written]: its parts are in /tmp/NAME.
start()
{
	$hot "$2" $part_mib "$3" "$1" "${@:4}" >"/tmp/$1" &
	pids[$1]=$!
	wait_for 60 sh -c "[ \$(wc -l </tmp/$1) = 4 ]"
}

# pages NAME PART NODE: how many pages of a part are there.
pages()
{
	local address

	address=$(sed -n "$(($2 + 1))p" "/tmp/$1")
	awk -v address="$address" -v field="N$3" '
		$1 == address { for (i = 2; i <= NF; i++)
			if (split($i, pair, "=") == 2 && pair[1] == field) n += pair[2] }
		END { print n + 0 }' "/proc/${pids[$1]}/numa_maps"
}

# pages_all NAME NODE
pages_all()
{
	echo $(($(pages "$1" 0 "$2") + $(pages "$1" 1 "$2") + $(pages "$1" 2 "$2") +
		$(pages "$1" 3 "$2")))
}

at_least() { [ "$("${@:2}")" -ge "$1" ]; }
at_most() { [ "$("${@:2}")" -le "$1" ]; }
