// Bundles a TypeScript file of the page and imports it, so that node tests the very code the browser runs.
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The bundle's text; as "iife" its exports stand in the global `name`. */
export async function bundle(path, options = { format: "esm" }) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root, entryPoints: [path], bundle: true, write: false, target: "es2022", logLevel: "warning",
    loader: { ".wgsl": "text" }, define: { __WASM_INTEGRITY__: '""', __PRICES_INTEGRITY__: '""' }, ...options,
  });
  return outputFiles[0].text;
}

export const load = async (path) => import(`data:text/javascript;base64,${Buffer.from(await bundle(path)).toString("base64")}`);
