import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** The page: `npm run demo` serves it, `vite build` with this file writes it to demo/dist for any static host. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  publicDir: false,
  build: { target: "es2022", reportCompressedSize: false },
});
