// Frames that nobody sees: everything is laid out and drawn into lists, which are then dropped.

#include "platform.h"

namespace tokenbill::desktop {

namespace {
class NullPlatform : public Platform {
 public:
  explicit NullPlatform(const PlatformOptions& options) : frames_left_(options.frames) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {static_cast<float>(options.width), static_cast<float>(options.height)};
#if IMGUI_VERSION_NUM < 18700
    // Older versions want to know which of the platform's keys is which.
    for (int key = 0; key < ImGuiKey_COUNT; ++key) io.KeyMap[key] = key;
#endif
    io.BackendPlatformName = io.BackendRendererName = "null";
  }

  bool begin_frame(Happened& happened) override {
    happened = {};
    if (frames_left_ == 0) return false;
    --frames_left_;
    ImGui::GetIO().DeltaTime = 1.0F / 60.0F;
    return true;
  }
  void end_frame() override {}
  void wake() override {}
  void wake_from_thread() override {}

  void take_fonts() override {
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    ImGui::GetIO().Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
  }

  ImTextureID show(int, int, int, std::span<const ImU32>) override { return {}; }

  void keep_next_frame() override {}

  std::optional<Error> screenshot(const std::string& path) override {
    return Error{Code::unsupported, path, "Without a window there is no picture.", "Leave out --null."};
  }
  float preferred_scale() const override { return 1; }

 private:
  int frames_left_;
};
}  // namespace

std::unique_ptr<Platform> open_nothing(const PlatformOptions& options) {
  return std::make_unique<NullPlatform>(options);
}

}  // namespace tokenbill::desktop
