// AES-GCM by ipsec-mb's direct calls, which need no job and no manager of their own.
#include <cstring>

#include "software/ipsec_mb/module.hpp"

WD_NAMESPACE_BEGIN

namespace {

using Key = gcm_key_data;
using State = gcm_context_data;

// The calls for one size of key, in the library's table.
template <aes_gcm_pre_t IMB_MGR::*kExpand, aes_gcm_init_t IMB_MGR::*kStart,
          aes_gcm_init_var_iv_t IMB_MGR::*kStartAnyIv, aes_gcm_enc_dec_update_t IMB_MGR::*kEncrypt,
          aes_gcm_enc_dec_update_t IMB_MGR::*kDecrypt, aes_gcm_enc_dec_finalize_t IMB_MGR::*kFinish>
struct Calls {
  static void expand(const void* key, void* expanded) noexcept {
    (direct_calls()->*kExpand)(key, static_cast<Key*>(expanded));
  }

  static void start(const void* expanded, void* state, const void* iv, std::size_t iv_bytes,
                    const void* aad, std::size_t aad_bytes) noexcept {
    // A pointer must be there even if nothing is read through it.
    static constexpr std::uint8_t kNothing = 0;
    const auto* data = static_cast<const std::uint8_t*>(aad_bytes != 0 ? aad : &kNothing);
    const auto* nonce = static_cast<const std::uint8_t*>(iv);
    if (iv_bytes == IMB_GCM_IV_DATA_LEN)
      (direct_calls()->*kStart)(static_cast<const Key*>(expanded), static_cast<State*>(state),
                                nonce, data, aad_bytes);
    else
      (direct_calls()->*kStartAnyIv)(static_cast<const Key*>(expanded), static_cast<State*>(state),
                                     nonce, iv_bytes, data, aad_bytes);
  }

  static void encrypt(const void* expanded, void* state, void* out, const void* in,
                      std::size_t bytes) noexcept {
    (direct_calls()->*kEncrypt)(static_cast<const Key*>(expanded), static_cast<State*>(state),
                                static_cast<std::uint8_t*>(out),
                                static_cast<const std::uint8_t*>(in), bytes);
  }

  static void decrypt(const void* expanded, void* state, void* out, const void* in,
                      std::size_t bytes) noexcept {
    (direct_calls()->*kDecrypt)(static_cast<const Key*>(expanded), static_cast<State*>(state),
                                static_cast<std::uint8_t*>(out),
                                static_cast<const std::uint8_t*>(in), bytes);
  }

  // The tag depends on what was absorbed, not on the direction.
  static void finish(const void* expanded, void* state, void* tag) noexcept {
    (direct_calls()->*kFinish)(static_cast<const Key*>(expanded), static_cast<State*>(state),
                               static_cast<std::uint8_t*>(tag), CryptoEngine::kTagBytes);
  }
};

void reverse(std::uint8_t (&block)[16]) noexcept {
  for (int i = 0; i < 8; ++i) {
    const std::uint8_t byte = block[i];
    block[i] = block[15 - i];
    block[15 - i] = byte;
  }
}

// The hash of what was absorbed stands in the state with its bytes reversed; GHASH's own call wants
// them in order. That the two fit together is tested, on every start of the provider's self test.
void add_aad(const void* expanded, void* state, const void* aad, std::size_t aad_bytes) noexcept {
  auto* message = static_cast<State*>(state);
  reverse(message->aad_hash);
  direct_calls()->ghash(static_cast<const Key*>(expanded), aad, aad_bytes, message->aad_hash,
                        sizeof(message->aad_hash));
  reverse(message->aad_hash);
  message->aad_length += aad_bytes;
}

template <class Of>
AesGcmCalls calls() noexcept {
  return {Of::expand, Of::start, add_aad, Of::encrypt, Of::decrypt, Of::finish};
}

}  // namespace

void fill_gcm_calls(CryptoEngine& engine) noexcept {
  engine.gcm_key_bytes = sizeof(Key);
  engine.gcm_state_bytes = sizeof(State);
  engine.gcm128 = calls<Calls<&IMB_MGR::gcm128_pre, &IMB_MGR::gcm128_init,
                              &IMB_MGR::gcm128_init_var_iv, &IMB_MGR::gcm128_enc_update,
                              &IMB_MGR::gcm128_dec_update, &IMB_MGR::gcm128_enc_finalize>>();
  engine.gcm192 = calls<Calls<&IMB_MGR::gcm192_pre, &IMB_MGR::gcm192_init,
                              &IMB_MGR::gcm192_init_var_iv, &IMB_MGR::gcm192_enc_update,
                              &IMB_MGR::gcm192_dec_update, &IMB_MGR::gcm192_enc_finalize>>();
  engine.gcm256 = calls<Calls<&IMB_MGR::gcm256_pre, &IMB_MGR::gcm256_init,
                              &IMB_MGR::gcm256_init_var_iv, &IMB_MGR::gcm256_enc_update,
                              &IMB_MGR::gcm256_dec_update, &IMB_MGR::gcm256_enc_finalize>>();
}

WD_NAMESPACE_END
