#include "support/golden.h"

#include <cstdio>
#include <cstdlib>

bool updating_golden() {
  const char* update = std::getenv("UPDATE_GOLDEN");
  return update != nullptr && std::string_view(update) == "1";
}

bool write_golden(std::string_view name, std::string_view text) {
  std::string path = __FILE__;
  path.resize(path.rfind("support/"));
  path += "golden/" + std::string(name);
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && written;
}
