#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ramifyd asked wrongly, slowly, and by too many at once: it goes on with its work, and loses nothing.
set -u
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/cli/daemon.sh
. tests/cli/daemon.sh

if [ "$(id -u)" != 0 ]; then
	echo "1..0 # SKIP only root may ask without a group ramify"
	exit 0
fi
cat >"$scratch/policy.d/a.conf" <<-END
	[policy none]
	cgroup = /no/such/group
	[policy all]
	user = root
	dry-run = yes
END
# What the sanitizer keeps to itself would hide what the daemon takes.
export ASAN_OPTIONS="${ASAN_OPTIONS-}:quarantine_size_mb=1:thread_local_quarantine_size_kb=16"
descriptors_raised()
{
	awk '/^Max open files/ { exit $4 != $5 }' "/proc/$daemon/limits"
}
# With fewer than it may have.
ulimit -Sn 256
check "a daemon" daemon_start
ulimit -Sn "$(ulimit -Hn)"
check "it has as many descriptors as it may" descriptors_raised
python3 tests/cli/crowd.py "$socket" "$daemon" >"$scratch/crowd" 2>&1
# It ends with its plan, or with what Python has to say.
check "all was tried" grep -q '^1\.\.' "$scratch/crowd"
sed -E '/^(ok|not ok|1\.\.)/d; s/^#? ?/# /' "$scratch/crowd"
while read -r result name; do
	check "$name" [ "$result" = ok ]
done < <(sed -n 's/^ok [0-9]* - /ok /p; s/^not ok [0-9]* - /not /p' "$scratch/crowd")
check "the end" daemon_end
plan
