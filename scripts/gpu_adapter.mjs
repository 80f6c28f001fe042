// WebGPU for node: Dawn on the graphics card, or on a processor of software where there is none.
import { existsSync } from "node:fs";
import { dirname } from "node:path";

/** `gpu` to ask for adapters, or in `skip` why there is none. */
export async function findGpu() {
  const has_card = existsSync("/dev/nvidia0") || existsSync("/dev/dri/renderD128");
  if (!has_card && !process.env.VK_ICD_FILENAMES) {
    // Chromium brings a processor of software along, and Mesa has one as well.
    const drivers = [process.env.CHROMIUM && `${dirname(process.env.CHROMIUM)}/vk_swiftshader_icd.json`,
      "/usr/lib/chromium/vk_swiftshader_icd.json", "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json", "/usr/share/vulkan/icd.d/lvp_icd.aarch64.json"];
    const driver = drivers.find((path) => path && existsSync(path));
    if (driver) process.env.VK_ICD_FILENAMES = driver;
  }
  try {
    const { create, globals } = await import("webgpu");
    Object.assign(globalThis, globals);
    const gpu = create(["backend=vulkan"]);
    return (await gpu.requestAdapter()) ? { gpu } : { skip: "no graphics adapter, not even one of software, was found" };
  } catch (error) {
    return { skip: `WebGPU for node does not start here: ${error.message}` };
  }
}
