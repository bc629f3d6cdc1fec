import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Is not on the disk. */
const PAGE = `${ROOT}page.html`;

/** A page that trains a character model, as people have them: built from its HTML, Vite adds what loads its parts. */
const HTML = `<!doctype html>
<script type="module">
import { adam, createTrainer, embedding, linear, lstm, openDevice, sequential } from "webgpu-rnn";
const model = sequential(embedding(65, 64), lstm(64, 128), linear(128, 65));
const trainer = await createTrainer(await openDevice(), model, { batch: 32, time: 64, optimizer: adam() });
globalThis.step = (batch) => trainer.step(batch);
</script>`;

/**
 * The aim is 40 kB. Of what is above it some 3.5 hang on options of functions that the page calls, where nothing can be awaited:
 * wavefronts, directions put together, activations, dropout, states that are learned, layer normalisation. 0.7 are Vite's own,
 * for what the page may load later. Measured: 50.5; the rest is room for other versions of zlib.
 */
const MOST = 50_600;

/** Bytes after gzip that the page loads before it begins: its script, and what that imports without being asked. */
async function pageBytes(): Promise<number> {
  const built = (await build({
    configFile: false,
    root: ROOT,
    publicDir: false,
    logLevel: "error",
    plugins: [
      {
        name: "page",
        resolveId: (id) => (id === PAGE ? id : undefined),
        load: (id) => (id === PAGE ? HTML : undefined),
      },
    ],
    build: { write: false, reportCompressedSize: false, rolldownOptions: { input: PAGE } },
  })) as Rolldown.RolldownOutput;
  const chunks = new Map(built.output.flatMap((file) => (file.type === "chunk" ? [[file.fileName, file]] : [])));
  const loaded = new Set([...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const name of loaded) for (const imported of chunks.get(name)?.imports ?? []) loaded.add(imported);
  const code = [...loaded].map((name) => chunks.get(name)?.code ?? "");
  return code.reduce((sum, text) => sum + gzipSync(text).length, 0);
}

test("a page that trains an LSTM loads little", async () => {
  const bytes = await pageBytes();
  console.log(`a page that trains an LSTM loads ${(bytes / 1000).toFixed(1)} kB, by gzip`);
  expect(bytes).toBeLessThanOrEqual(MOST);
});
