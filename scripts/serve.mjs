// A small server for the built page: node scripts/serve.mjs [FOLDER]. PORT changes the port; only this machine can reach it.
import { createServer } from "node:http";
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { extname, join, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".txt": "text/plain; charset=utf-8",
  ".ts": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};

/** The file that a request path names inside `folder`, or undefined. Nothing outside of it, nor a hidden file, is ever named. */
async function fileOf(folder, url) {
  let path;
  try {
    path = decodeURIComponent(new URL(url, "http://localhost").pathname);
  } catch {
    return undefined;
  }
  if (path.includes("\0") || path.includes("\\") || path.split("/").some((part) => part.startsWith("."))) return undefined;
  const wanted = path.endsWith("/") ? join(path, "index.html") : path;
  try {
    const file = await realpath(join(folder, wanted));
    if (!file.startsWith(folder + sep)) return undefined;
    return (await stat(file)).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}

/** A server, not yet listening, for the files under `folder`. */
export function createSiteServer(folder) {
  const root = realpath(resolve(folder));
  return createServer(async (request, response) => {
    const headers = {
      "Access-Control-Allow-Origin": "*",
      "Cache-Control": "no-cache",
      "X-Content-Type-Options": "nosniff",
    };
    const refuse = (status, text) => {
      response.writeHead(status, { ...headers, "Content-Type": "text/plain; charset=utf-8" });
      response.end(`${text}\n`);
    };
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "Only GET and HEAD are answered here.");
    const file = await fileOf(await root, request.url ?? "/");
    if (file === undefined) return refuse(404, "There is no such file.");
    const { size } = await stat(file);
    response.writeHead(200, {
      ...headers,
      "Content-Type": types[extname(file)] ?? "application/octet-stream",
      "Content-Length": size,
    });
    if (request.method === "HEAD") return response.end();
    createReadStream(file).on("error", () => response.destroy()).pipe(response);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folder = process.argv[2] ?? fileURLToPath(new URL("../build/site", import.meta.url));
  const port = Number(process.env.PORT || 8080);
  const server = createSiteServer(folder);
  server.on("error", (error) => {
    const busy = error.code === "EADDRINUSE";
    console.error(busy ? `Port ${port} is in use. Choose another: PORT=${port + 1} ./run` : error.message);
    process.exit(1);
  });
  server.listen(port, "127.0.0.1", () => {
    console.log(`Tokenbill is at http://localhost:${server.address().port} (Ctrl-C ends it)`);
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
}
