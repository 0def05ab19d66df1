# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the whole-command tests share. Each prints TAP; `plan` comes last.

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=0
if ! command -v ramify >/dev/null; then
	echo "Bail out! ramify is not in PATH"
	exit 1
fi
tests_run=0
tests_failed=0

# skip NAME WHY: a test that cannot run here.
skip()
{
	tests_run=$((tests_run + 1))
	echo "ok $tests_run - $1 # SKIP $2"
}

# check NAME COMMAND...: a test that passes if COMMAND does.
check()
{
	local name=$1

	shift
	tests_run=$((tests_run + 1))
	if "$@" >"$scratch/check" 2>&1; then
		echo "ok $tests_run - $name"
	else
		echo "not ok $tests_run - $name"
		sed 's/^/# /' "$scratch/check"
		tests_failed=$((tests_failed + 1))
	fi
}

# expect STATUS COMMAND...: its output goes to out and err in the scratch directory.
expect()
{
	local expected=$1 status=0

	shift
	"$@" >"$scratch/out" 2>"$scratch/err" </dev/null || status=$?
	[ $status = "$expected" ] && return
	echo "$*: exit status $status, not $expected" | cut -c 1-200
	head -c 2000 "$scratch/out" "$scratch/err"
	return 1
}

plan()
{
	echo "1..$tests_run"
	[ $tests_failed = 0 ]
}
