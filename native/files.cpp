#include "files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace tokenbill {

namespace {
constexpr std::size_t largest_file = 64u << 20;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool open() const { return number_ >= 0; }
  /// False where the system reports only now that something was not written.
  bool close() {
    const int number = number_;
    number_ = -1;
    return number < 0 || ::close(number) == 0;
  }

 private:
  int number_;
};

Error failure(const std::string& path, const char* what, int number) {
  return {Code::bad_value, path, std::string(what) + ": " + std::generic_category().message(number) + ".",
          number == ENOENT ? "Check the spelling of the path." : ""};
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// The new name is on the disk only when its folder is. Some file systems cannot do this; the file is sound all the
// same.
void sync_folder(const std::filesystem::path& folder) {
  const Descriptor open_folder(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (open_folder.open()) (void)::fsync(open_folder.number());
}
}  // namespace

Result<std::string> read_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return failure(path, "The file cannot be opened", errno);
  std::string text;
  char piece[1 << 16];
  for (;;) {
    const ssize_t got = ::read(file.number(), piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure(path, "The file cannot be read", errno);
    if (got == 0) return text;
    text.append(piece, static_cast<std::size_t>(got));
    if (text.size() > largest_file) return Error{Code::too_large, path, "The file is larger than 64 MiB.", ""};
  }
}

bool file_exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

std::optional<Error> write_file(const std::string& path, std::string_view text) {
  std::error_code ignored;
  std::filesystem::path target = path;
  if (std::filesystem::is_symlink(target, ignored)) {
    const std::filesystem::path real = std::filesystem::canonical(target, ignored);
    if (!ignored) target = real;
  }
  struct stat old {};
  const bool exists = ::stat(target.c_str(), &old) == 0;
  // A device or a pipe cannot be replaced; there is nothing to protect in it either.
  if (exists && !S_ISREG(old.st_mode)) {
    Descriptor file(::open(target.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.open() || !write_all(file.number(), text) || !file.close())
      return failure(path, "The file cannot be written", errno);
    return std::nullopt;
  }

  // In the same folder, because only a rename within one file system replaces a file at once.
  std::string temporary = target.string() + ".XXXXXX";
  Descriptor file(::mkstemp(temporary.data()));
  if (!file.open()) return failure(path, "The file cannot be written", errno);
  const mode_t mask = ::umask(0);
  ::umask(mask);
  const mode_t mode = exists ? (old.st_mode & 07777) : (0666 & ~mask);
  if (::fchmod(file.number(), mode) != 0 || !write_all(file.number(), text) || ::fsync(file.number()) != 0 ||
      !file.close() || std::rename(temporary.c_str(), target.c_str()) != 0) {
    const int number = errno;
    ::unlink(temporary.c_str());
    return failure(path, "The file cannot be written", number);
  }
  sync_folder(target.has_parent_path() ? target.parent_path() : ".");
  return std::nullopt;
}

Result<std::string> set_aside(const std::string& path) {
  for (int number = 1;; ++number) {
    std::string name = path + ".damaged" + (number == 1 ? "" : "-" + std::to_string(number));
    // A second name rather than a new one: the first never points to nothing.
    if (::link(path.c_str(), name.c_str()) == 0) return name;
    if (errno == EEXIST) continue;
    const int problem = errno;
    // File systems without second names: the file moves.
    if ((problem == EPERM || problem == ENOTSUP) && !file_exists(name) && std::rename(path.c_str(), name.c_str()) == 0)
      return name;
    return failure(path, "The damaged file cannot be set aside", problem);
  }
}

FileLock::FileLock(const std::string& path) {
  if (path.empty()) return;
  descriptor_ = ::open((path + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor_);
    descriptor_ = -1;
  }
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace tokenbill
