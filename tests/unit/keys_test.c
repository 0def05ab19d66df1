// SPDX-License-Identifier: GPL-2.0-or-later
/* keys_test.c -- names on certificates, in lines as /proc/keys has them. */

#include "keys.h"

#include <errno.h>
#include <string.h>

#include "tree.h"

#define HEAD "0bb79ab6 I------     1 perm 1f030000     0     0 "
#define CERTIFICATE(name) HEAD "asymmetri " name ": 6ccece7e4c6c0d1f: X509.rsa 13d31d00 []\n"

static void expect_subject(const char *line, const char *subject)
{
	char text[256];

	strcpy(text, line);
	if (subject)
		assert_string_equal(keys_subject(text), subject);
	else
		assert_null(keys_subject(text));
}

static void test_subject(void **state)
{
	expect_subject(CERTIFICATE("DKMS module signing key"), "DKMS module signing key");
	expect_subject(CERTIFICATE("Firm: A key: of mine"), "Firm: A key: of mine");
	expect_subject(HEAD "keyring   .blacklist: empty\n", NULL);
	expect_subject(HEAD "user      asymmetri x: 1: X509.rsa 2 []\n", NULL);
	expect_subject(HEAD "asymmetri a: 12: PKCS8.rsa 13d31d00 []\n", NULL);
	expect_subject(HEAD "asymmetri : X509.rsa\n", NULL);
	expect_subject(HEAD "asymmetri\n", NULL);
	expect_subject("asymmetri a: 12: X509.rsa []\n", NULL);
	expect_subject("", NULL);
}

static void expect_keys(struct tree *tree, const char *signer, unsigned int n, bool has_signer)
{
	struct keys keys;

	assert_int_equal(keys_find(tree->ctx, signer, &keys), 0);
	assert_int_equal(keys.n, n);
	assert_int_equal(keys.has_signer, has_signer);
}

static void test_find(void **state)
{
	struct tree *tree = *state;

	expect_keys(tree, "DKMS", 0, false);
	tree_write(tree, "proc/keys", CERTIFICATE("Debian Secure Boot CA")
		   CERTIFICATE("Firm: My key") HEAD "keyring   DKMS: 1\n");
	expect_keys(tree, "DKMS", 2, false);
	expect_keys(tree, "Debian Secure Boot CA", 2, true);
	expect_keys(tree, "Secure Boot CA", 2, false);
	expect_keys(tree, "My key", 2, true);
	expect_keys(tree, "key", 2, false);
	expect_keys(tree, "A much longer name than Debian Secure Boot CA", 2, false);
}

static void test_absurd(void **state)
{
	struct keys keys = { .n = 7 };
	struct tree *tree = *state;

	tree_write_bytes(tree, "proc/keys", "a\0b\n", 4);
	assert_int_equal(keys_find(tree->ctx, "x", &keys), -EBADMSG);
	assert_int_equal(keys.n, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_subject),
		tree_test(test_find),
		tree_test(test_absurd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
