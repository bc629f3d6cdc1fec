import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The bench as one script for Node, with the shaders inside; packages stay outside. */
export default defineConfig({
  root: here(".."),
  publicDir: false,
  build: {
    ssr: here("main.ts"),
    target: "node20",
    outDir: here("dist"),
    emptyOutDir: true,
    reportCompressedSize: false,
  },
});
