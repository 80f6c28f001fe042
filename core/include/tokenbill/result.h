#pragma once
// Errors as values. No exception leaves the core: every function that can fail returns a Result.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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
  Result(T value) : value_(std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : error_(std::move(error)) {}  // NOLINT

  [[nodiscard]] bool ok() const { return value_.has_value(); }
  explicit operator bool() const { return ok(); }

  /// Precondition: ok().
  [[nodiscard]] T& value() & { return *value_; }
  [[nodiscard]] const T& value() const& { return *value_; }
  [[nodiscard]] T&& value() && { return std::move(*value_); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// Precondition: !ok().
  [[nodiscard]] const Error& error() const { return *error_; }

 private:
  // Two optionals rather than a variant: each variant costs core.wasm tables of functions that cannot be inlined.
  std::optional<T> value_;
  std::optional<Error> error_;
};

}  // namespace tokenbill
