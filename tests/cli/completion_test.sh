#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the shells complete: each command, each of its options, and the devices and policies that are there.
set -u
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

commands=$(ramify -h | sed -n 's/^  \([a-z]*\) .*/\1/p')
for shell in bash fish zsh; do
	ramify --completion $shell | sed "s,/etc/ramify,$scratch/etc,g" >"$scratch/$shell"
done

# What each shell offers for a line that ends here, one a line.
offer_bash()
{
	(
		# shellcheck source=/dev/null # made above
		. "$scratch/bash"
		read -ra COMP_WORDS <<<"$1"
		[[ $1 != *' ' ]] || COMP_WORDS+=('')
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_ramify
		printf '%s\n' "${COMPREPLY[@]}"
	)
}

offer_fish()
{
	HOME=$scratch fish -N -c "source '$scratch/fish'; complete -C '$1'" | cut -f1
}

# The words that it would hand to zsh's own functions.
offer_zsh()
{
	# shellcheck disable=SC2016 # for zsh to expand
	zsh -f -c '
		_describe() { print -l -- ${commands%%:*}; }
		_arguments() {
			for spec; do
				case $spec in
				$words[CURRENT-1]+*) eval "print -l -- ${${spec##*:\(}%\)}" ;;
				--*) print -r -- ${spec%%=*} ;;
				\**) eval "print -l -- ${${spec##*:\(}%\)}" ;;
				esac
			done
		}
		words=(${(z)2}) CURRENT=$#words
		[[ $2 != *" " ]] || (( CURRENT++ ))
		. $1' zsh "$scratch/zsh" "$1"
}

offers_commands()
{
	diff <(printf '%s\nhelp\n' "$commands" | sort) <("offer_$1" 'ramify ' | grep -v '^-' | sort) &&
		diff <(sort <<<"$commands") <("offer_$1" 'ramify help ' | grep -vx help | sort)
}

offers_options()
{
	local command

	for command in $commands; do
		diff <(grep -o '^\*-[^ ]*\*.*' "doc/man/ramify-$command.1.scd" |
			grep -o -- '--[a-z-]*' | sort -u) \
			<("offer_$1" "ramify $command --" | sort -u | grep -o '^--[a-z-]*') || return
	done
}

# A ramify that has two devices and a policy.
mkdir "$scratch/bin"
cat >"$scratch/bin/ramify" <<'END'
#!/bin/sh
echo '{ "devices": [ { "device": "dax0.0", "node": null },'
echo '{ "device": "namespace1.0" } ], "policies": [ { "policy": "gold" } ] }'
END
chmod +x "$scratch/bin/ramify"

offers_devices()
{
	diff <(printf '%s\n' dax0.0 namespace1.0) \
		<(PATH=$scratch/bin:$PATH "offer_$1" 'ramify add ' | grep -v '^-')
}

offers_policies()
{
	is_gold "$1" 'ramify run -p ' && is_gold "$1" 'ramify policy show '
}

is_gold()
{
	PATH=$scratch/bin:$PATH "offer_$1" "$2" | grep -qx gold
}

# Nobody answers; what is no policy is none.
offers_written()
{
	local any='db|main|web-1\.x|old|global|2s'

	mkdir -p "$scratch/silent" "$scratch/etc/policy.d"
	printf '#!/bin/sh\nexit 1\n' >"$scratch/silent/ramify"
	chmod +x "$scratch/silent/ramify"
	printf '[global]\nperiod = 2s\n[policy main]\n' >"$scratch/etc/ramifyd.conf"
	printf '[policy db]\nuser = db\n [policy  web-1.x]\n' >"$scratch/etc/policy.d/a.conf"
	printf '[policy old]\n' >"$scratch/etc/policy.d/a.conf~"
	diff <(printf '%s\n' db main web-1.x) \
		<(PATH=$scratch/silent:$PATH "offer_$1" 'ramify run -p ' | grep -xE "$any" | sort) &&
		PATH=$scratch/silent:$PATH "offer_$1" 'ramify policy show ' | grep -qx db || return
	# Of devices none; and of policies those that are told.
	! PATH=$scratch/silent:$PATH "offer_$1" 'ramify add ' | grep '^[^-]' &&
		! PATH=$scratch/bin:$PATH "offer_$1" 'ramify run -p ' | grep -qx db || return
	rm -r "${scratch:?}/etc"
	! PATH=$scratch/silent:$PATH "offer_$1" 'ramify run -p ' 2>&1 | grep -E "$any|find|No such"
}

for shell in bash fish zsh; do
	check "$shell: its syntax" $shell -n "$scratch/$shell"
	check "$shell: commands" offers_commands $shell
	check "$shell: options" offers_options $shell
	check "$shell: devices" offers_devices $shell
	check "$shell: policies" offers_policies $shell
	check "$shell: policies, if ramifyd does not run" offers_written $shell
done
check "a shell that is not known" expect 2 ramify --completion tcsh
plan
