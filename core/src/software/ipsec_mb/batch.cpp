// Batches: independent messages computed side by side, each in its lane of wide registers.
#include <cstdlib>
#include <cstring>
#include <new>

#include "software/ipsec_mb/module.hpp"

WD_NAMESPACE_BEGIN

struct Batch {
  IMB_MGR* manager;
};

namespace {

struct HashRow {
  IMB_HASH_ALG digest;
  IMB_HASH_ALG hmac;
  std::size_t digest_bytes;
  std::size_t block_bytes;
  hash_one_block_t IMB_MGR::*one_block;
  hash_fn_t IMB_MGR::*whole;
};

// In KeyedHash's order.
constexpr HashRow kHashes[] = {
    {IMB_AUTH_SHA_1, IMB_AUTH_HMAC_SHA_1, 20, 64, &IMB_MGR::sha1_one_block, &IMB_MGR::sha1},
    {IMB_AUTH_SHA_224, IMB_AUTH_HMAC_SHA_224, 28, 64, &IMB_MGR::sha224_one_block, &IMB_MGR::sha224},
    {IMB_AUTH_SHA_256, IMB_AUTH_HMAC_SHA_256, 32, 64, &IMB_MGR::sha256_one_block, &IMB_MGR::sha256},
    {IMB_AUTH_SHA_384, IMB_AUTH_HMAC_SHA_384, 48, 128, &IMB_MGR::sha384_one_block,
     &IMB_MGR::sha384},
    {IMB_AUTH_SHA_512, IMB_AUTH_HMAC_SHA_512, 64, 128, &IMB_MGR::sha512_one_block,
     &IMB_MGR::sha512},
};
static_assert(sizeof(kHashes) / sizeof(kHashes[0]) == static_cast<std::size_t>(KeyedHash::count_));

const HashRow& row_of(KeyedHash hash) noexcept {
  return kHashes[static_cast<std::size_t>(hash)];
}

// What of a prepared HMAC key is the inner hash's state, and what the outer's.
constexpr std::size_t kStateBytes = CryptoEngine::kHmacKeyBytes / 2;
constexpr std::size_t kMaxBlockBytes = 128;

void wipe(void* memory, std::size_t bytes) noexcept {
  std::memset(memory, 0, bytes);
  __asm__ volatile("" : : "r"(memory) : "memory");
}

Batch* create() noexcept {
  auto* batch = static_cast<Batch*>(std::malloc(sizeof(Batch)));
  if (batch == nullptr) return nullptr;
  batch->manager = alloc_mb_mgr(0);
  if (batch->manager == nullptr) {
    std::free(batch);
    return nullptr;
  }
  init_mb_mgr_avx512(batch->manager);
  return batch;
}

void destroy(Batch* batch) noexcept {
  // Expanded keys' addresses and hash states are in there.
  wipe(batch->manager, imb_get_mb_mgr_size());
  free_mb_mgr(batch->manager);
  std::free(batch);
}

int settle(Batch* batch, IMB_JOB* done) noexcept {
  int settled = 0;
  for (; done != nullptr; done = IMB_GET_COMPLETED_JOB(batch->manager), ++settled) {
    auto* job = static_cast<BatchJob*>(done->user_data);
    job->status =
        done->status == IMB_STATUS_COMPLETED ? BatchJob::Status::done : BatchJob::Status::failed;
  }
  return settled;
}

void fill_cipher(const BatchJob& from, IMB_JOB& to) noexcept {
  to.cipher_mode = IMB_CIPHER_CBC;
  to.hash_alg = IMB_AUTH_NULL;
  to.cipher_direction = IMB_DIR_ENCRYPT;
  to.chain_order = IMB_ORDER_CIPHER_HASH;
  to.enc_keys = from.key;
  to.dec_keys = from.key;
  to.key_len_in_bytes = from.key_bytes;
  to.iv = from.iv;
  to.iv_len_in_bytes = 16;
  to.dst = from.out;
  to.msg_len_to_cipher_in_bytes = from.bytes;
}

void fill_hash(const BatchJob& from, IMB_JOB& to) noexcept {
  const HashRow& row = row_of(from.hash);
  const bool keyed = from.kind == BatchJob::Kind::hmac;
  to.cipher_mode = IMB_CIPHER_NULL;
  to.hash_alg = keyed ? row.hmac : row.digest;
  to.cipher_direction = IMB_DIR_ENCRYPT;
  to.chain_order = IMB_ORDER_HASH_CIPHER;
  to.msg_len_to_hash_in_bytes = from.bytes;
  to.auth_tag_output = from.out;
  to.auth_tag_output_len_in_bytes = row.digest_bytes;
  if (keyed) {
    const auto* key = static_cast<const std::uint8_t*>(from.key);
    to.u.HMAC._hashed_auth_key_xor_ipad = key;
    to.u.HMAC._hashed_auth_key_xor_opad = key + kStateBytes;
  }
}

int submit(Batch* batch, BatchJob* job) noexcept {
  IMB_JOB* slot = IMB_GET_NEXT_JOB(batch->manager);
  std::memset(slot, 0, sizeof(*slot));
  slot->src = job->in;
  slot->user_data = job;
  if (job->kind == BatchJob::Kind::aes_cbc_encrypt)
    fill_cipher(*job, *slot);
  else
    fill_hash(*job, *slot);
  // Unchecked: the limits of a job are the interface's, and its callers keep them.
  return settle(batch, IMB_SUBMIT_JOB_NOCHECK(batch->manager));
}

int flush(Batch* batch) noexcept {
  int settled = 0;
  while (IMB_JOB* done = IMB_FLUSH_JOB(batch->manager)) settled += settle(batch, done);
  return settled;
}

// RFC 2104: the hash's state after one block of the key, with either pad.
void prepare_hmac(KeyedHash hash, const void* key, std::size_t key_bytes, void* prepared) noexcept {
  constexpr std::uint8_t kInnerPad = 0x36;
  constexpr std::uint8_t kOuterPad = 0x5c;
  const HashRow& row = row_of(hash);
  std::uint8_t block[kMaxBlockBytes] = {};
  if (key_bytes > row.block_bytes)
    (direct_calls()->*row.whole)(key, key_bytes, block);
  else if (key_bytes != 0)
    std::memcpy(block, key, key_bytes);
  auto* states = static_cast<std::uint8_t*>(prepared);
  std::memset(states, 0, CryptoEngine::kHmacKeyBytes);
  for (std::uint8_t& byte : block) byte ^= kInnerPad;
  (direct_calls()->*row.one_block)(block, states);
  for (std::uint8_t& byte : block) byte ^= kInnerPad ^ kOuterPad;
  (direct_calls()->*row.one_block)(block, states + kStateBytes);
  wipe(block, sizeof(block));
}

}  // namespace

BatchCalls batch_calls() noexcept {
  return {create, destroy, submit, flush, prepare_hmac};
}

WD_NAMESPACE_END
