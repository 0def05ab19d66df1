// SPDX-License-Identifier: GPL-2.0-or-later
/* round_test.c -- a look that is cut off goes on where it was, before all others; who sleeps is not looked at. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/round.h"

#define CHILDREN 2
#define ALWAYS 1000000000000ULL

static struct round round_;
static pid_t children[CHILDREN];

/* A sampler that sees what is asked of it, and ends the first looks half way. */
static struct {
	struct sample_request request;
	struct sample *sample;
	unsigned int cut, looks;
	uint64_t resume;
} fake;

static int fake_look(struct sample *sample, const struct sample_request *request,
		     struct sample_result *ret_result)
{
	struct heat_run run = { .start = request->start, .n_pages = 1, .state = HEAT_PRESENT,
				.rank = 0, .rate = 255 };

	fake.looks++;
	fake.request = *request;
	fake.sample = sample;
	*ret_result = (struct sample_result){ .resume = request->end, .cpu_ns = 1000 };
	if (fake.cut) {
		fake.cut--;
		ret_result->resume = (request->start + (request->end - request->start) / 2) & ~4095ULL;
		ret_result->cpu_ns = request->cpu_ns;
	}
	fake.resume = ret_result->resume;
	return request->fold(request->arg, &run, 1);
}

static void fake_close(struct sample *sample)
{
}

static const struct sampler sampler = {
	.name = "fake", .grade = { .confidence = 255, .grain_shift = 12 }, .look = fake_look,
	.close = fake_close,
};

static struct process *process(int i)
{
	return round_.tenants.processes[i];
}

/* Of a round, up to its end; looks only. */
static void begin(void)
{
	round_.state = ROUND_LOOK;
	round_.left = round_.tenants.n_processes;
	round_.began_ns = clock_now_ns();
	round_.resume_ns = round_.spent_ns = 0;
	budget_init(&round_.budget, 500000, clock_now_ns() - 20000000000);
}

static void all(void)
{
	for (int i = 0; round_.state == ROUND_LOOK; i++) {
		assert_true(i < 100);
		round_step(&round_);
	}
}

static void finish(void)
{
	begin();
	all();
}

static void asleep(pid_t pid)
{
	char path[64], state = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	while (state != 'S') {
		FILE *file = fopen(path, "re");

		assert_non_null(file);
		assert_int_equal(fscanf(file, "%*d (%*[^)]) %c", &state), 1);
		fclose(file);
	}
}

static void on_signal(int signal)
{
}

static int setup(void **state)
{
	struct policy_error error;
	struct policies *policies = &round_.config.policies;
	char pid[16];

	memset(&round_, 0, sizeof(round_));
	memset(&fake, 0, sizeof(fake));
	signal(SIGUSR1, on_signal);
	for (int i = 0; i < CHILDREN; i++) {
		children[i] = fork();
		while (!children[i])
			pause();
		asleep(children[i]);
		snprintf(pid, sizeof(pid), "%d", (int)children[i]);
		if (policies_line(policies, i ? "policy b" : "policy a", "pid", pid, "f", 1, &error))
			return -1;
	}
	round_.config.period_ns = round_.config.period_max_ns = 3600000000000;
	round_.config.budget_ppm = 500000;
	if (heat_create(&round_.heat) || tenants_init(&round_.tenants, round_.heat) ||
	    tiers_refresh(&round_.tiers) ||
	    tenants_refresh(&round_.tenants, policies, false, ALWAYS) ||
	    round_.tenants.n_processes != CHILDREN)
		return -1;
	for (int i = 0; i < CHILDREN; i++) {
		process(i)->sampler = &sampler;
		process(i)->sample = (struct sample *)process(i);
	}
	return 0;
}

static int teardown(void **state)
{
	round_exit(&round_);
	for (int i = 0; i < CHILDREN; i++) {
		kill(children[i], SIGKILL);
		waitpid(children[i], NULL, 0);
	}
	return 0;
}

static void test_cut(void **state)
{
	uint64_t resume, cost;

	fake.cut = 2;
	begin();
	assert_true(round_step(&round_));
	resume = fake.resume;
	cost = fake.request.cpu_ns;
	assert_ptr_equal(fake.sample, process(0));
	assert_true(process(0)->resume == resume && resume > 0);
	assert_int_equal(round_.at, 0);
	assert_int_equal(round_.left, CHILDREN);
	assert_int_equal(process(0)->looks, 0);
	/* It goes on there, though it has slept; twice. */
	assert_true(round_step(&round_));
	assert_ptr_equal(fake.sample, process(0));
	assert_true(fake.request.start == resume);
	assert_true(fake.resume > resume);
	resume = fake.resume;
	cost += fake.request.cpu_ns;
	fake.looks = 0;
	assert_true(round_step(&round_));
	assert_int_equal(process(0)->resume, 0);
	assert_int_equal(process(0)->looks, 1);
	/* What all its parts cost. */
	assert_true(process(0)->look_ns >= cost);
	assert_int_equal(process(0)->part_ns, 0);
	/* Then the next one. */
	assert_int_equal(round_.at, 1);
	all();
	assert_int_equal(process(1)->looks, 1);
}

static void test_sleepers(void **state)
{
	unsigned int looks;
	uint64_t ran_ns;

	finish();
	assert_int_equal(process(0)->looks, 1);
	/* Each time they are asked whether they ran, and looked at rarely. */
	looks = fake.looks;
	for (int i = 0; i < 7; i++)
		finish();
	assert_int_equal(fake.looks, looks);
	assert_int_equal(process(1)->idle, 7);
	finish();
	assert_int_equal(process(0)->looks, 2);
	assert_int_equal(process(1)->looks, 2);
	/* All of it then, as others may have moved its pages. */
	assert_true(fake.request.full);
	/* One runs. */
	ran_ns = clock_process_ns(process(1)->pid);
	kill(process(1)->pid, SIGUSR1);
	while (clock_process_ns(process(1)->pid) == ran_ns)
		;
	finish();
	assert_int_equal(process(1)->looks, 3);
	assert_int_equal(process(0)->looks, 2);
	assert_int_equal(process(1)->idle, 0);
}

/* Later in each other round only; what runs again is seen one round later at most. */
static void test_sleeps_on(void **state)
{
	uint64_t ran_ns;

	finish();
	for (int i = 0; i < 41; i++)
		finish();
	assert_int_equal(process(0)->idle, 41);
	/* At first, and after 8, 16 and 32. */
	assert_int_equal(process(0)->looks, 4);
	for (int more = 0; more < 2; more++) {
		if (more)
			finish();
		ran_ns = clock_process_ns(process(more)->pid);
		kill(process(more)->pid, SIGUSR1);
		while (clock_process_ns(process(more)->pid) == ran_ns)
			;
		asleep(process(more)->pid);
		/* It says so before its time is counted. */
		usleep(10000);
		finish();
		finish();
		assert_int_equal(process(more)->looks, 5);
		assert_true(process(more)->idle <= 1);
	}
}

/* What a plan costs is paid for, and known to the next round. */
static void test_plan_is_paid(void **state)
{
	int64_t saved;

	finish();
	assert_int_equal(round_.state, ROUND_PLAN);
	round_.paused = true;
	saved = round_.budget.saved_ns;
	assert_false(round_step(&round_));
	assert_true(round_.plan_ns > 0);
	assert_true(round_.budget.saved_ns < saved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sleepers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sleeps_on, setup, teardown),
		cmocka_unit_test_setup_teardown(test_plan_is_paid, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
