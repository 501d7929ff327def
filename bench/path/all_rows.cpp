#include "row.hpp"

namespace wd::bench {
namespace {

using Kind = Row::Kind;

void add_throughput(std::vector<Row>& rows, bool quick) {
  for (const char* engine : {"null", "null-inline"})
    for (const unsigned depth : {1U, 32U})
      rows.push_back({Kind::throughput, "requests", engine, depth});
  Row row{Kind::throughput, "requests", "null", 32};
  row.api = "v2";
  rows.push_back(row);
  for (const unsigned depth : {1U, 32U}) {
    row = {Kind::throughput, "one_cpu", "null", depth};
    row.cpus = 1;
    rows.push_back(row);
  }
  row = {Kind::throughput, "leased", "null-inline", 1};
  row.through_pool = true;
  rows.push_back(row);
  for (const unsigned depth : quick ? std::vector{32U} : std::vector{2U, 4U, 8U, 16U, 64U, 256U})
    if (depth != 32) rows.push_back({Kind::throughput, "depths", "null", depth});
  for (const unsigned queues : {2U, 4U, 16U}) {
    row = {Kind::throughput, "queues", "null", 32};
    row.queues = queues;
    rows.push_back(row);
  }
  for (const unsigned threads : {2U, 4U}) {
    row = {Kind::throughput, "threads", "null", 32};
    row.threads = threads;
    rows.push_back(row);
    row.engine = "null-inline";
    rows.push_back(row);
    row = {Kind::throughput, "shared", "null", 8};
    row.threads = threads;
    row.queues = 0;
    rows.push_back(row);
  }
}

}  // namespace

std::string Row::id() const {
  std::string text = operation + "/" + engine + "/" + api + "/depth:" + std::to_string(depth);
  if (threads != 1) text += "/threads:" + std::to_string(threads);
  if (queues > 1) text += "/queues:" + std::to_string(queues);
  return text;
}

std::vector<Row> all_rows(bool quick) {
  std::vector<Row> rows;
  add_throughput(rows, quick);
  rows.push_back({Kind::latency, "synchronous", "null", 1});
  rows.push_back({Kind::latency, "asynchronous", "null", 32});
  for (const char* engine : {"null", "null-inline"})
    rows.push_back({Kind::system_calls, "system_calls", engine, 32});
  return rows;
}

}  // namespace wd::bench
