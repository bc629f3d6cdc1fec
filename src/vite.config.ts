import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { defineConfig, esmExternalRequirePlugin, type Plugin } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Spaces of WGSL but for those between two words or two operators. */
const NEEDLESS = /(?<=[\w,;:(){}]) (?=[^\w ])|(?<=[^\w ]) (?=[\w,;:(){}])/g;

/** Shaders without their comments and most spaces, which pages would load for nothing; lines stay, errors are shown by them. */
const slimShaders: Plugin = {
  name: "slim-shaders",
  enforce: "pre",
  load(id) {
    const [file = "", query] = id.split("?");
    if (!file.endsWith(".wgsl") || query !== "raw") return undefined;
    const slim = readFileSync(file, "utf8")
      .replace(/[ \t]*\/\/.*$/gm, "")
      .replace(/^\s+/gm, "")
      .replace(/^[^#].*/gm, (line) => line.replace(NEEDLESS, ""));
    return `export default ${JSON.stringify(slim)};`;
  },
};

/** The library: one ES module per entry of package.json's `exports`, and the command line with its libraries inside. */
export default defineConfig({
  root: here("."),
  publicDir: false,
  plugins: [slimShaders],
  build: {
    target: "es2022",
    outDir: here("../dist"),
    emptyOutDir: true,
    minify: false,
    reportCompressedSize: false,
    license: { fileName: "licenses.md" },
    lib: {
      formats: ["es"],
      entry: {
        index: here("index.ts"),
        data: here("data/index.ts"),
        io: here("io/index.ts"),
        metrics: here("metrics/index.ts"),
        node: here("node/index.ts"),
        check: here("oracle/index.ts"),
        cli: here("cli/main.ts"),
      },
    },
    rolldownOptions: {
      output: { chunkFileNames: "[name].js" },
      external: [/^wgsl-preprocessor/, "webgpu", "puppeteer"],
      // The command line's libraries are partly CommonJS, whose require of Node's own modules becomes an import.
      plugins: [esmExternalRequirePlugin({ external: [/^node:/, ...builtinModules] })],
    },
  },
});
