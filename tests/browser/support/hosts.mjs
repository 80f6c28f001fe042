// Host pages for the widget, on a server of their own: another port is another origin. In a page, {{site}} is the address
// of the built site and {{name}} a value that the test gives.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { root } from "./browser.mjs";

/** @return the hosts' address, and how to stop serving them */
export async function serveHosts(site, values = {}) {
  const server = createServer(async (request, response) => {
    const name = new URL(request.url, "http://localhost").pathname.slice(1);
    try {
      if (!/^[\w-]+\.(html|js|css)$/.test(name)) throw new Error("no such page");
      const text = await readFile(`${root}/tests/browser/hosts/${name}`, "utf8");
      const type = { html: "text/html", js: "text/javascript", css: "text/css" }[name.split(".")[1]];
      response.writeHead(200, { "Content-Type": `${type}; charset=utf-8` });
      response.end(text.replace(/\{\{(\w+)\}\}/g, (_, key) => ({ site, ...values })[key] ?? ""));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => new Promise((done) => server.close(done)) };
}
