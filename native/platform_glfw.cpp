// A window by GLFW, drawn by OpenGL 3.

#include <GLFW/glfw3.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <csignal>
#include <cstdint>
#include <map>
#include <type_traits>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#include <stb_image_write.h>

#include "files.h"
#include "platform.h"

namespace tokenbill::desktop {

namespace {
// The first frame after an event reacts to it, the second shows what it has changed, the third what that has moved.
constexpr int frames_after_input = 3;
// A blinking caret is the only thing that moves by itself.
constexpr double caret_seconds = 0.4;

/// Dear ImGui's name for a picture is a pointer or a number, by its version.
template <class Id>
Id as_texture_id(GLuint texture) {
  if constexpr (std::is_pointer_v<Id>)
    return reinterpret_cast<Id>(static_cast<std::uintptr_t>(texture));
  else
    return static_cast<Id>(texture);
}

std::string last_glfw_error;  // GLFW reports by callback, from calls that we make ourselves

// A session that ends takes its programs along by a signal; what is open is kept then as if the window was closed.
volatile std::sig_atomic_t asked_to_end = 0;

class GlfwPlatform : public Platform {
 public:
  GlfwPlatform(GLFWwindow* window, int frames) : window_(window), frames_left_(frames), continuous_(frames > 0) {
    glfwMakeContextCurrent(window);
    glfwSwapInterval(continuous_ ? 0 : 1);
    glfwSetWindowUserPointer(window, this);
    // Set before those of Dear ImGui, which call these in turn. Whatever comes in asks for frames.
    glfwSetCursorPosCallback(window, [](GLFWwindow* w, double, double) { self(w).wake(); });
    glfwSetCursorEnterCallback(window, [](GLFWwindow* w, int) { self(w).wake(); });
    glfwSetMouseButtonCallback(window, [](GLFWwindow* w, int, int, int) { self(w).wake(); });
    glfwSetScrollCallback(window, [](GLFWwindow* w, double, double) { self(w).wake(); });
    glfwSetCharCallback(window, [](GLFWwindow* w, unsigned) { self(w).wake(); });
    glfwSetWindowFocusCallback(window, [](GLFWwindow* w, int) { self(w).wake(); });
    glfwSetWindowRefreshCallback(window, [](GLFWwindow* w) { self(w).wake(); });
    glfwSetFramebufferSizeCallback(window, [](GLFWwindow* w, int, int) { self(w).wake(); });
    glfwSetKeyCallback(window, [](GLFWwindow* w, int key, int scancode, int action, int modifiers) {
      self(w).take_key(key, scancode, action, modifiers);
    });
    glfwSetDropCallback(window, [](GLFWwindow* w, int count, const char** paths) {
      self(w).happened_.dropped_files.assign(paths, paths + count);
      self(w).wake();
    });
    // Counted frames are for pictures: wherever the pointer happens to be, it shall not show in them.
    if (continuous_) ImGui::GetIO().ConfigFlags |= ImGuiConfigFlags_NoMouse;
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
      std::signal(signal, [](int) {
        asked_to_end = 1;
        glfwPostEmptyEvent();
      });
    ImGui_ImplGlfw_InitForOpenGL(window, true);
    ImGui_ImplOpenGL3_Init("#version 150");
  }

  ~GlfwPlatform() override {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    glfwDestroyWindow(window_);
    glfwTerminate();
  }
  GlfwPlatform(const GlfwPlatform&) = delete;
  GlfwPlatform& operator=(const GlfwPlatform&) = delete;

  bool begin_frame(Happened& happened) override {
    if (asked_to_end != 0) return false;
    if (continuous_) {
      if (frames_left_-- == 0) return false;
      glfwPollEvents();
    } else {
      wait();
      if (asked_to_end != 0 || glfwWindowShouldClose(window_) != 0) return false;
    }
    happened = std::exchange(happened_, {});
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    return true;
  }

  void end_frame() override {
    glfwGetFramebufferSize(window_, &width_, &height_);
    glViewport(0, 0, width_, height_);
    const ImVec4 paper = ImGui::GetStyle().Colors[ImGuiCol_WindowBg];
    glClearColor(paper.x, paper.y, paper.z, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    // The picture is read before the buffers change places.
    if (keeps_ || (continuous_ && frames_left_ == 0)) read_pixels();
    keeps_ = false;
    glfwSwapBuffers(window_);
  }

  void wake() override { frames_due_ = frames_after_input; }
  void keep_next_frame() override { keeps_ = true; }
  void wake_from_thread() override {
    woken_ = true;
    glfwPostEmptyEvent();
  }
  void take_fonts() override { ImGui_ImplOpenGL3_DestroyDeviceObjects(); }

  ImTextureID show(int slot, int width, int height, std::span<const ImU32> pixels) override {
    GLuint& texture = textures_[slot];
    if (texture == 0) glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D, texture);
    // A cell that is larger than a pixel has sharp edges; smaller ones are blended.
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
    return as_texture_id<ImTextureID>(texture);
  }

  std::optional<Error> screenshot(const std::string& path) override {
    if (pixels_.empty()) return Error{Code::unsupported, path, "There is no frame to write.", "Give --frames as well."};
    std::string png;
    stbi_flip_vertically_on_write(1);
    const int written = stbi_write_png_to_func(
        [](void* to, void* data, int size) {
          static_cast<std::string*>(to)->append(static_cast<const char*>(data), static_cast<std::size_t>(size));
        },
        &png, width_, height_, 3, pixels_.data(), width_ * 3);
    if (written == 0) return Error{Code::unsupported, path, "The picture cannot be encoded.", ""};
    return write_file(path, png);
  }

  float preferred_scale() const override {
    float x = 1;
    float y = 1;
    glfwGetWindowContentScale(window_, &x, &y);
    // Where the frame buffer is larger than the window, the system scales already.
    int window_width = 0;
    int frame_width = 0;
    int ignored = 0;
    glfwGetWindowSize(window_, &window_width, &ignored);
    glfwGetFramebufferSize(window_, &frame_width, &ignored);
    if (frame_width > window_width) return 1;
    return std::clamp(x, 1.0F, 2.0F);
  }

 private:
  static GlfwPlatform& self(GLFWwindow* window) {
    return *static_cast<GlfwPlatform*>(glfwGetWindowUserPointer(window));
  }

  void wait() {
    if (frames_due_ > 0) {
      --frames_due_;
      glfwPollEvents();
      return;
    }
    if (ImGui::GetIO().WantTextInput)
      glfwWaitEventsTimeout(caret_seconds);
    else
      glfwWaitEvents();
    if (woken_.exchange(false)) wake();
  }

  void take_key(int key, int scancode, int action, int modifiers) {
    wake();
    if (action == GLFW_RELEASE) return;
    Stroke stroke;
    stroke.control = (modifiers & (GLFW_MOD_CONTROL | GLFW_MOD_SUPER)) != 0;
    stroke.shift = (modifiers & GLFW_MOD_SHIFT) != 0;
    if (key == GLFW_KEY_ESCAPE) stroke.key = '\x1b';
    if (key == GLFW_KEY_ENTER || key == GLFW_KEY_KP_ENTER) stroke.key = '\r';
    if (key == GLFW_KEY_PAGE_UP) stroke.key = key_page_up;
    if (key == GLFW_KEY_PAGE_DOWN) stroke.key = key_page_down;
    if (stroke.key == 0) {
      const char* name = glfwGetKeyName(key, scancode);
      if (name == nullptr || name[0] == 0 || name[1] != 0) return;
      stroke.key = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
    }
    happened_.strokes.push_back(stroke);
  }

  void read_pixels() {
    pixels_.resize(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) * 3);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, width_, height_, GL_RGB, GL_UNSIGNED_BYTE, pixels_.data());
  }

  GLFWwindow* window_;
  int frames_left_;
  bool continuous_;
  int frames_due_ = frames_after_input;
  std::atomic<bool> woken_ = false;
  int width_ = 0;
  int height_ = 0;
  std::vector<unsigned char> pixels_;
  bool keeps_ = false;
  std::map<int, GLuint> textures_;  ///< by slot; they end with the window's context
  Happened happened_;
};
}  // namespace

Result<std::unique_ptr<Platform>> open_window(const PlatformOptions& options) {
  const auto failure = [] {
    return Error{Code::unsupported, "window", "No window can be opened: " + last_glfw_error + ".",
                 "Start it in a graphical session with OpenGL 3.2, or use the command line program tokenbill."};
  };
  glfwSetErrorCallback([](int, const char* text) { last_glfw_error = text; });
  if (glfwInit() == 0) return failure();
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 2);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  GLFWwindow* window = glfwCreateWindow(options.width, options.height, options.title.c_str(), nullptr, nullptr);
  if (window == nullptr) {
    glfwTerminate();
    return failure();
  }
  glfwSetWindowSizeLimits(window, 800, 520, GLFW_DONT_CARE, GLFW_DONT_CARE);
  return std::unique_ptr<Platform>(std::make_unique<GlfwPlatform>(window, options.frames));
}

}  // namespace tokenbill::desktop
