/* SPDX-License-Identifier: GPL-2.0-or-later */
/* completion.h -- what shells complete, made from the table of commands. */
#ifndef RAMIFY_CLI_COMPLETION_H
#define RAMIFY_CLI_COMPLETION_H

#include "cmd.h"

/* Prints the script for @shell: bash, fish or zsh. CMD_USAGE for another, which is told. */
int completion_print(const struct cmd *cmds, const char *shell);

#endif
