import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prepareOutput } from "../../src/cli/output.ts";
import { readText } from "../../src/cli/text.ts";
import { writeAtomically } from "../../src/node/files.ts";

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "webgpu-rnn-"));
  mkdirSync(at("folder"));
  writeFileSync(at("empty.txt"), "");
  writeFileSync(at("zero.bin"), Uint8Array.of(65, 66, 0, 67));
  writeFileSync(at("latin1.txt"), Uint8Array.of(65, 0xe9, 66));
  writeFileSync(at("good.txt"), "\ufeffGrüße, 世界 🙂");
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("readText", () => {
  test.each([
    ["missing.txt", "expected a text file, got no such file."],
    ["folder", "expected a text file, got a folder."],
    ["empty.txt", "expected a text to learn from, got an empty file."],
    ["zero.bin", "expected a text in UTF-8, got a zero byte at 2. Convert it to UTF-8 if it is a text."],
    ["latin1.txt", "expected a text in UTF-8, got bytes that are none. Convert it to UTF-8 if it is a text."],
  ])("refuses %s", async (name, message) => {
    await expect(readText(at(name))).rejects.toThrow(`${at(name)}: ${message}`);
  });

  test("reads UTF-8, without its byte order mark", async () => {
    const { content, mark } = await readText(at("good.txt"));
    expect(content).toBe("Grüße, 世界 🙂");
    expect(mark.file).toBe("good.txt");
  });
});

describe("prepareOutput", () => {
  test.each([
    ["folder", "folder: expected a path that can be written, got a folder."],
    ["nowhere/m.safetensors", "m.safetensors: expected a path that can be written, got no folder"],
    ["good.txt/m.safetensors", "m.safetensors: expected a path that can be written, got no folder"],
    ["curve.svg", "--out: expected a checkpoint's path, the learning curve takes the same name with .svg, got"],
  ])("refuses %s", async (path, message) => {
    await expect(prepareOutput(at(path), undefined)).rejects.toThrow(message);
  });

  test("names the curve after the checkpoint and leaves nothing behind", async () => {
    const before = readdirSync(folder);
    expect(await prepareOutput(at("m.safetensors"), undefined)).toEqual({
      checkpoint: at("m.safetensors"),
      curve: at("m.svg"),
    });
    expect((await prepareOutput(at("m"), undefined)).curve).toBe(at("m.svg"));
    expect(readdirSync(folder)).toEqual(before);
  });
});

test("a file is replaced as a whole, or stays as it was", async () => {
  writeFileSync(at("old"), "old");
  await writeAtomically(at("old"), "new");
  expect(readFileSync(at("old"), "utf8")).toBe("new");
  await expect(writeAtomically(at("folder"), "new")).rejects.toThrow("folder: expected to be written, got");
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("writes to one path at once all succeed, and leave one of the contents whole", async () => {
  const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(100_000 * (i + 1)));
  const written = await Promise.allSettled(contents.map((content) => writeAtomically(at("shared"), content)));
  expect(written.map(({ status }) => status)).toEqual(contents.map(() => "fulfilled"));
  expect(contents).toContain(readFileSync(at("shared"), "utf8"));
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});
