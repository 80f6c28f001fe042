// A headless Chromium and the built page on a free port.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { createSiteServer } from "../../../scripts/serve.mjs";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
export const screenshots = `${root}/build/screenshots`;

const executablePath = () => execFileSync(`${root}/scripts/find_browser.sh`, { encoding: "utf8" }).trim();

/** @param webgpu with a graphics processor of software */
export const launch = ({ webgpu = false } = {}) => chromium.launch({
  executablePath: executablePath(),
  args: ["--headless=new", "--no-sandbox", ...(webgpu ? ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"] : ["--disable-gpu"]), "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

/** @return the address of the folder's files, and how to stop serving them */
export async function serve(folder = `${root}/build/site`) {
  const server = createSiteServer(folder);
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => new Promise((done) => server.close(done)) };
}
