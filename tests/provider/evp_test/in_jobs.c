/*
 * Runs a test of evp_test inside an ASYNC_JOB, with other jobs beside it whose messages share its
 * batches. Linked to evp_test in the place of its own call: see build.sh.
 */
#include <openssl/async.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int wd_run_in_job(OSSL_LIB_CTX* library, int (*run)(void*), void* test);

/* One filler for each kind of batch: it computes the same message again and again. */
struct filler {
  const char* algorithm;
  enum { CBC, DIGEST, HMAC } kind;
  ASYNC_JOB* job;
  ASYNC_WAIT_CTX* wait;
  OSSL_LIB_CTX* library;
  unsigned char expected[EVP_MAX_MD_SIZE];
};

static struct filler fillers[] = {
    {"AES-128-CBC", CBC}, {"AES-192-CBC", CBC}, {"AES-256-CBC", CBC}, {"SHA1", DIGEST},
    {"SHA2-224", DIGEST}, {"SHA2-256", DIGEST}, {"SHA2-384", DIGEST}, {"SHA2-512", DIGEST},
    {"SHA1", HMAC},       {"SHA2-224", HMAC},   {"SHA2-256", HMAC},   {"SHA2-384", HMAC},
    {"SHA2-512", HMAC},
};
enum { FILLERS = sizeof(fillers) / sizeof(fillers[0]), MESSAGE = 1024 };

static const unsigned char key[32] = "a key of 32 bytes, so it is said";
static const unsigned char iv[16] = "initial vector";

static void fail(const char* what) {
  fprintf(stderr, "ERROR: %s\n", what);
  exit(3);
}

/* The last bytes of what the message becomes. */
static void compute(const struct filler* filler, unsigned char* out) {
  unsigned char text[MESSAGE], cipher_text[MESSAGE + 16];
  int length = 0;
  size_t bytes = EVP_MAX_MD_SIZE;
  memset(text, 0x5a, sizeof(text));
  memset(out, 0, EVP_MAX_MD_SIZE);
  if (filler->kind == CBC) {
    EVP_CIPHER* cipher = EVP_CIPHER_fetch(filler->library, filler->algorithm, NULL);
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    if (!EVP_EncryptInit_ex2(context, cipher, key, iv, NULL) ||
        !EVP_EncryptUpdate(context, cipher_text, &length, text, sizeof(text)))
      fail("a filler cannot encrypt");
    memcpy(out, cipher_text + sizeof(text) - EVP_MAX_MD_SIZE, EVP_MAX_MD_SIZE);
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(cipher);
  } else if (filler->kind == DIGEST) {
    EVP_MD* digest = EVP_MD_fetch(filler->library, filler->algorithm, NULL);
    if (!EVP_Digest(text, sizeof(text), out, NULL, digest, NULL)) fail("a filler cannot hash");
    EVP_MD_free(digest);
  } else if (EVP_Q_mac(filler->library, "HMAC", NULL, filler->algorithm, NULL, key, sizeof(key),
                       text, sizeof(text), out, EVP_MAX_MD_SIZE, &bytes) == NULL) {
    fail("a filler cannot authenticate");
  }
}

static int fill(void* argument) {
  struct filler* filler = *(struct filler**)argument;
  unsigned char got[EVP_MAX_MD_SIZE];
  for (;;) {
    compute(filler, got);
    if (memcmp(got, filler->expected, sizeof(got)) != 0) fail("a filler's result is wrong");
  }
  return 0;
}

static void go_on(struct filler* filler) {
  int result;
  int status = ASYNC_start_job(&filler->job, filler->wait, &result, fill, &filler, sizeof(filler));
  if (status != ASYNC_PAUSE) fail("a filler does not wait");
}

static void start_fillers(OSSL_LIB_CTX* library) {
  for (int i = 0; i < FILLERS; ++i) {
    fillers[i].library = library;
    compute(&fillers[i], fillers[i].expected);
    fillers[i].wait = ASYNC_WAIT_CTX_new();
    go_on(&fillers[i]);
  }
}

struct call {
  int (*run)(void*);
  void* test;
};

static int call(void* argument) {
  const struct call* what = argument;
  return what->run(what->test);
}

/*
 * Each time the test waits it is gone on with first, so that what waits with it is computed; then
 * those whose message that was begin another.
 */
int wd_run_in_job(OSSL_LIB_CTX* library, int (*run)(void*), void* test) {
  static ASYNC_WAIT_CTX* wait = NULL;
  struct call what = {run, test};
  ASYNC_JOB* job = NULL;
  int result = 0, status;
  if (wait == NULL) {
    wait = ASYNC_WAIT_CTX_new();
    start_fillers(library);
  }
  while ((status = ASYNC_start_job(&job, wait, &result, call, &what, sizeof(what))) == ASYNC_PAUSE)
    for (int i = 0; i < FILLERS; ++i) go_on(&fillers[i]);
  if (status != ASYNC_FINISH) fail("the job of a test cannot be started");
  return result;
}
