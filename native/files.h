#pragma once
// The only file access of the native programs.

#include <optional>
#include <string>
#include <string_view>

#include "tokenbill/result.h"

namespace tokenbill {

/// The whole file. @error bad_value where it cannot be read, too_large above 64 MiB; where = path
[[nodiscard]] Result<std::string> read_file(const std::string& path);

[[nodiscard]] bool file_exists(const std::string& path);

/// Replaces the file as a whole: whoever reads it finds the old text or the new one, also after a power cut. The file's
/// mode is kept; a link is followed, so that it stays a link. @error bad_value where it cannot be written; where = path
[[nodiscard]] std::optional<Error> write_file(const std::string& path, std::string_view text);

/// Says to other processes that a file is in use, by a lock on PATH.lock, which goes when the process ends.
class FileLock {
 public:
  /// @param path  empty = nothing to lock
  explicit FileLock(const std::string& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  /// False where somebody else has it, or where the folder cannot be written.
  [[nodiscard]] bool held() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

/// Gives the file a second name, NAME.damaged or NAME.damaged-2 and so on, under which it stays whatever is written to
/// the first. @return that name @error bad_value where the folder does not allow it
[[nodiscard]] Result<std::string> set_aside(const std::string& path);

}  // namespace tokenbill
