#include "row.hpp"

namespace wd::bench {

Rows all_rows(bool quick) {
  Rows rows;
  add_aead_rows(rows, quick);
  add_update_rows(rows, quick);
  add_digest_rows(rows, quick);
  add_hmac_rows(rows, quick);
  add_async_rows(rows, quick);
  add_tls_rows(rows);
  add_other_rows(rows);
  add_public_key_rows(rows);
  add_context_rows(rows);
  return rows;
}

}  // namespace wd::bench
