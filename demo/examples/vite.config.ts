import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The examples as scripts for Node, which import the built package as a user's programs do. */
export default defineConfig({
  root: here("."),
  publicDir: false,
  build: {
    ssr: here("main.ts"),
    target: "node20",
    outDir: here("dist"),
    emptyOutDir: true,
    reportCompressedSize: false,
    // package.json says of the library that no module acts by being imported; an example does nothing else.
    rolldownOptions: { external: [/^webgpu-rnn/], treeshake: false },
  },
});
