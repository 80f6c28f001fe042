#pragma once
// Errors as values. No exception leaves the core: every function that can fail returns a Result.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace tokenbill {

/// Stable error codes; `docs/errors.md` documents each in one line and a test keeps list and table equal.
enum class Code : std::uint8_t {
#define TOKENBILL_ERROR(name, meaning) name,
#include "tokenbill/errors.def"
#undef TOKENBILL_ERROR
};

[[nodiscard]] std::string_view code_name(Code code);
[[nodiscard]] std::string_view code_meaning(Code code);

/// One thing that is wrong, told to a person.
struct Error {
  Code code{};
  std::string where;    ///< file and JSON pointer, parameter id, or node id
  std::string message;  ///< what is wrong: found and expected, with units
  std::string hint;     ///< what to do; may be empty

  friend bool operator==(const Error&, const Error&) = default;
};

/// "where: message hint" on one line, for terminals and logs.
[[nodiscard]] std::string to_text(const Error& error);

/// Either a value or the Error that explains why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// Precondition: ok().
  [[nodiscard]] T& value() & { return *std::get_if<0>(&state_); }
  [[nodiscard]] const T& value() const& { return *std::get_if<0>(&state_); }
  [[nodiscard]] T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// Precondition: !ok().
  [[nodiscard]] const Error& error() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace tokenbill
