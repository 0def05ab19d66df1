// SPDX-License-Identifier: GPL-2.0-or-later
/* completion.c -- what shells complete, made from the table of commands. */

#include "completion.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Of policies, also where ramifyd does not run, or does not tell. */
#define FROM_FILES \
	"find /etc/ramify/ramifyd.conf /etc/ramify/policy.d/ -maxdepth 1 -name '*.conf' \\\n" \
	"\t\t\t-exec sed -n 's/^ *\\[policy  *\\([^] ]*\\).*/\\1/p' '{}' + 2>/dev/null\n"

/* Names of what is there, by their key in the JSON of a listing, one a line. */
static const char names[] =
	"_ramify_names()\n"
	"{\n"
	"\tlocal key=$1\n"
	"\tshift\n"
	"\tramify \"$@\" --json 2>/dev/null |\n"
	"\t\tsed -n 's/.*\"'\"$key\"'\": *\"\\{0,1\\}\\([^\",]*\\).*/\\1/p' | sort -u | grep -v null ||\n"
	"\t\t[ \"$key\" != policy ] || " FROM_FILES
	"}\n\n";

/* What a command's arguments are: a key, and the listing that has it; NULL for none that is known. */
static const char *operand(const struct cmd *cmd)
{
	static const char *const words[][2] = {
		{ "DEV", "device list" }, { "REGION", "region list" }, { "NODE", "node list" },
		{ "KEY", "policy policy list" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strstr(cmd->usage, words[i][0]))
			return words[i][1];
	}
	return NULL;
}

/* The same for an option's value. */
static const char *value_of(const struct option *option)
{
	return strcmp(option->name, "policy") ? NULL : "policy policy list";
}

static bool takes_value(const struct option *option)
{
	return option->has_arg == required_argument;
}

/* As both fish and zsh read it. */
static void print_quoted(const char *text)
{
	putchar('\'');
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\'", stdout);
		putchar(*text);
	}
	putchar('\'');
}

static void bash_command(const struct cmd *cmd)
{
	const char *key = operand(cmd);

	printf("\t%s)\n\t\twords=\"", cmd->name);
	for (const struct option *o = cmd->options; o && o->name; o++)
		printf("%s--%s", o == cmd->options ? "" : " ", o->name);
	puts("\"");
	if (cmd->words)
		printf("\t\t[ \"$COMP_CWORD\" != 2 ] || words+=\" %s\"\n", cmd->words);
	if (key)
		printf("\t\t[[ $cur = -* ]] || words+=\" $(_ramify_names %s)\"\n", key);
	for (const struct option *o = cmd->options; o && o->name; o++) {
		if (value_of(o))
			printf("\t\t[[ $before != -%c && $before != --%s ]] || words=$(_ramify_names %s)\n",
			       o->val, o->name, value_of(o));
	}
	puts("\t\t;;");
}

static void bash_print(const struct cmd *cmds)
{
	printf("# bash completion for ramify, made by ramify --completion bash\n%s", names);
	fputs("_ramify()\n{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
	      "\tlocal commands words=\n\n"
	      "\tcommands=\"", stdout);
	for (const struct cmd *cmd = cmds; cmd->name; cmd++)
		printf("%s ", cmd->name);
	fputs("help\"\n"
	      "\tcase $COMP_CWORD,${COMP_WORDS[1]} in\n"
	      "\t1,-*) words=\"--help --root --version\" ;;\n"
	      "\t1,* | 2,help) words=$commands ;;\n"
	      "\tesac\n"
	      "\t[ \"$COMP_CWORD\" = 1 ] || case ${COMP_WORDS[1]} in\n", stdout);
	for (const struct cmd *cmd = cmds; cmd->name; cmd++)
		bash_command(cmd);
	fputs("\tesac\n"
	      "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	      "}\n\n"
	      "complete -F _ramify ramify\n", stdout);
}

static void zsh_option(const struct option *o)
{
	printf(" \\\n\t\t\t'--%s", o->name);
	if (value_of(o))
		printf("=:%s:($(_ramify_names %s))' \\\n\t\t\t'-%c+:%s:($(_ramify_names %s))", o->name,
		       value_of(o), o->val, o->name, value_of(o));
	else if (takes_value(o))
		printf("=:%s:", o->name);
	putchar('\'');
}

static void zsh_command(const struct cmd *cmd)
{
	const char *key = operand(cmd);

	printf("\t%s)\n\t\t_arguments", cmd->name);
	for (const struct option *o = cmd->options; o && o->name; o++)
		zsh_option(o);
	if (cmd->words)
		printf(" \\\n\t\t\t'1:%s:(%s)'", cmd->name, cmd->words);
	if (key)
		printf(" \\\n\t\t\t'*:%.*s:($(_ramify_names %s))'", (int)strcspn(key, " "), key, key);
	puts("\n\t\t;;");
}

static void zsh_print(const struct cmd *cmds)
{
	printf("#compdef ramify\n"
	       "# zsh completion for ramify, made by ramify --completion zsh\n%s", names);
	fputs("_ramify()\n{\n"
	      "\tlocal -a commands=(\n", stdout);
	for (const struct cmd *cmd = cmds; cmd->name; cmd++) {
		printf("\t\t%s:", cmd->name);
		print_quoted(cmd->line);
		putchar('\n');
	}
	fputs("\t\t'help:tell how to call a command'\n"
	      "\t)\n\n"
	      "\tif (( CURRENT == 2 )) || [[ $words[2] = help ]]; then\n"
	      "\t\t_describe command commands\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tshift words\n"
	      "\t(( CURRENT-- ))\n"
	      "\tcase $words[1] in\n", stdout);
	for (const struct cmd *cmd = cmds; cmd->name; cmd++)
		zsh_command(cmd);
	fputs("\tesac\n"
	      "}\n\n"
	      "_ramify \"$@\"\n", stdout);
}

static void fish_option(const struct cmd *cmd, const struct option *o)
{
	printf("complete -c ramify -n '__fish_seen_subcommand_from %s' -l %s", cmd->name, o->name);
	if (value_of(o))
		printf(" -s %c -a '(__ramify_names %s)'", o->val, value_of(o));
	puts(takes_value(o) ? " -r" : "");
}

static void fish_command(const struct cmd *cmd)
{
	const char *key = operand(cmd);

	printf("complete -c ramify -n __fish_use_subcommand -a %s -d ", cmd->name);
	print_quoted(cmd->line);
	putchar('\n');
	for (const struct option *o = cmd->options; o && o->name; o++)
		fish_option(cmd, o);
	if (cmd->words)
		printf("complete -c ramify -n '__fish_seen_subcommand_from %s' -a '%s'\n", cmd->name,
		       cmd->words);
	if (key)
		printf("complete -c ramify -n '__fish_seen_subcommand_from %s' -a '(__ramify_names %s)'\n",
		       cmd->name, key);
}

static void fish_print(const struct cmd *cmds)
{
	fputs("# fish completion for ramify, made by ramify --completion fish\n"
	      "function __ramify_names\n"
	      "\tramify $argv[2..] --json 2>/dev/null |\n"
	      "\t\tstring match -rg '\"'$argv[1]'\": *\"?([^\",]+)'\n"
	      "\tor test $argv[1] != policy\n"
	      "\tor " FROM_FILES
	      "end\n\n"
	      "complete -c ramify -f\n"
	      "complete -c ramify -n __fish_use_subcommand -l help\n"
	      "complete -c ramify -n __fish_use_subcommand -l root -r\n"
	      "complete -c ramify -n __fish_use_subcommand -l version\n", stdout);
	for (const struct cmd *cmd = cmds; cmd->name; cmd++)
		fish_command(cmd);
	fputs("complete -c ramify -n __fish_use_subcommand -a help "
	      "-d 'tell how to call a command'\n"
	      "complete -c ramify -n '__fish_seen_subcommand_from help' -a '", stdout);
	for (const struct cmd *cmd = cmds; cmd->name; cmd++)
		printf("%s%s", cmd == cmds ? "" : " ", cmd->name);
	puts("'");
}

int completion_print(const struct cmd *cmds, const char *shell)
{
	static const struct {
		const char *name;
		void (*print)(const struct cmd *cmds);
	} shells[] = { { "bash", bash_print }, { "fish", fish_print }, { "zsh", zsh_print } };

	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++) {
		if (!strcmp(shell, shells[i].name)) {
			shells[i].print(cmds);
			return 0;
		}
	}
	fprintf(stderr, "ramify: --completion is for bash, fish or zsh, not \"%.32s\"\n", shell);
	return CMD_USAGE;
}
