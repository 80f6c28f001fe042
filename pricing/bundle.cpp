// tokenbill-bundle: checks the files of prices and of hardware and writes them as two bundles.
//   tokenbill-bundle [--check] [--out FILE] [--hardware-out FILE] file.json...
// Each file says in its "format" what it is. Exit 0: all is sound. Exit 2: nothing was written; every error is on a
// line of its own.

#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "tokenbill/json_io.h"

namespace {

using namespace tokenbill;

constexpr int exit_bad_input = 2;

int fail(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  return exit_bad_input;
}

bool read_file(const std::string& path, std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return false;
  char buffer[1 << 16];
  std::size_t count = 0;
  while ((count = std::fread(buffer, 1, sizeof buffer, file)) > 0) text.append(buffer, count);
  const bool sound = std::ferror(file) == 0;
  std::fclose(file);
  return sound;
}

// Written beside its place and then renamed, so that no reader ever sees half a file.
bool write_file(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::path beside = path;
  beside += ".new";
  std::FILE* file = std::fopen(beside.string().c_str(), "wb");
  if (file == nullptr) return false;
  bool sound = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  sound = std::fclose(file) == 0 && sound;
  std::error_code error;
  if (sound) std::filesystem::rename(beside, path, error);
  sound = sound && !error;
  if (!sound) std::filesystem::remove(beside, error);
  return sound;
}

// What is written is what the readers will get: it must load in full.
template <class Bundle>
std::optional<Error> first_error(const Result<Bundle>& again) {
  if (!again.ok()) return again.error();
  if (!again->left_out.empty()) return again->left_out.front();
  return std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string usage = "usage: tokenbill-bundle [--check] [--out FILE] [--hardware-out FILE] file.json...";
  std::string out;
  std::string hardware_out;
  bool check_only = false;
  std::vector<std::string> names;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--check") {
      check_only = true;
    } else if (argument == "--out" && i + 1 < argc) {
      out = argv[++i];
    } else if (argument == "--hardware-out" && i + 1 < argc) {
      hardware_out = argv[++i];
    } else if (argument.starts_with("--")) {
      return fail(usage);
    } else {
      names.emplace_back(argument);
    }
  }
  if (names.empty() || (out.empty() && !check_only)) return fail(usage);

  std::vector<std::string> texts(names.size());
  std::vector<NamedText> prices;
  std::vector<NamedText> machines;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!read_file(names[i], texts[i])) return fail(names[i] + ": the file cannot be read.");
    const NamedText file{names[i], texts[i]};
    (is_hardware_file(file) ? machines : prices).push_back(file);
  }
  if (!machines.empty() && hardware_out.empty() && !check_only) return fail(usage);

  const Result<Catalog> catalog = parse_providers(prices);
  if (!catalog.ok()) return fail(to_text(catalog.error()));
  const Result<Hardware> hardware = parse_hardware_files(machines);
  if (!hardware.ok()) return fail(to_text(hardware.error()));
  std::vector<Error> errors = catalog->left_out;
  errors.insert(errors.end(), hardware->left_out.begin(), hardware->left_out.end());
  for (Error& finding : check_catalog(*catalog)) errors.push_back(std::move(finding));
  for (Error& finding : check_hardware(*hardware, *catalog)) errors.push_back(std::move(finding));
  for (const Error& error : errors) std::fprintf(stderr, "%s\n", to_text(error).c_str());
  if (!errors.empty()) return fail(std::to_string(errors.size()) + " errors; nothing was written.");

  const Result<std::string> bundle = bundle_text(prices);
  if (!bundle.ok()) return fail(to_text(bundle.error()));
  if (const auto error = first_error(parse_catalog(*bundle))) return fail(to_text(*error));
  const Result<std::string> machine_bundle = hardware_text(machines);
  if (!machine_bundle.ok()) return fail(to_text(machine_bundle.error()));
  if (const auto error = first_error(parse_hardware(*machine_bundle))) return fail(to_text(*error));
  if (!check_only && !write_file(out, *bundle)) return fail(out + ": the file cannot be written.");
  std::printf("%zu sellers, %zu models, prices as of %s, %zu bytes\n", catalog->sellers.size(), catalog->models.size(),
              moment_text(catalog->as_of).c_str(), bundle->size());
  if (machines.empty()) return 0;
  if (!check_only && !write_file(hardware_out, *machine_bundle))
    return fail(hardware_out + ": the file cannot be written.");
  std::printf("%zu GPUs, %zu providers, %zu open models, hardware as of %s, %zu bytes\n", hardware->gpus.size(),
              hardware->rent.size(), hardware->models.size(), moment_text(hardware->as_of).c_str(),
              machine_bundle->size());
  return 0;
}
