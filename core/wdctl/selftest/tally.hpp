// What ran in one part of a self-test, and what went wrong there.
//
// Threading: one thread at a time.
#ifndef WD_WDCTL_SELFTEST_TALLY_HPP_
#define WD_WDCTL_SELFTEST_TALLY_HPP_

#include <string>
#include <vector>

namespace wd::ctl {

class Tally {
 public:
  // So many failures say what there is to say; each may have cost a request's timeout.
  static constexpr unsigned long kEnough = 5;

  struct Failure {
    std::string reason;
    std::string example;  // what failed first for that reason
    unsigned long count;
  };

  void passed() { ++ran_; }
  // The driver did not give it to the device: nothing is known of the device by it.
  void left_to_software() { ++left_; }
  void failed(const std::string& reason, const std::string& what) {
    ++ran_;
    count({reason, what, 1});
    enough_ = failed_ >= kEnough;
  }
  void add(const Tally& other) {
    ran_ += other.ran_;
    left_ += other.left_;
    for (const Failure& failure : other.failures_) count(failure);
    enough_ = enough_ || other.enough_;
  }

  // Its thread has nothing more to try; of several, any.
  [[nodiscard]] bool enough() const { return enough_; }
  // Nothing that ran is no proof.
  [[nodiscard]] bool good() const { return failed_ == 0 && ran_ != 0; }
  [[nodiscard]] bool untouched() const { return ran_ == 0 && left_ == 0; }
  [[nodiscard]] unsigned long ran() const { return ran_; }
  [[nodiscard]] unsigned long left() const { return left_; }
  [[nodiscard]] unsigned long failures() const { return failed_; }
  [[nodiscard]] const std::vector<Failure>& reasons() const { return failures_; }

 private:
  void count(const Failure& failure) {
    failed_ += failure.count;
    for (Failure& known : failures_)
      if (known.reason == failure.reason) {
        known.count += failure.count;
        return;
      }
    failures_.push_back(failure);
  }

  unsigned long ran_ = 0;
  unsigned long left_ = 0;
  unsigned long failed_ = 0;
  bool enough_ = false;
  std::vector<Failure> failures_;
};

}  // namespace wd::ctl

#endif  // WD_WDCTL_SELFTEST_TALLY_HPP_
