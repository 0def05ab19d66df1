// SPDX-License-Identifier: GPL-2.0-or-later
/* ramifyd_fuzz.c -- ramifyd.conf: taken, or refused with a line and a reason. */

#include "daemon/config.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config config = config_defaults();
	struct policy_error error = { 0 };
	char *text = text_of(data, size);
	int err = config_text(&config, text, "file", &error);

	must(err <= 0 && (!err || (error.line && *error.reason)));
	must(config.budget_ppm && config.period_ns && config.period_max_ns);
	config_free(&config);
	free(text);
	return 0;
}
