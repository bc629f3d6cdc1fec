import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as registered from "../src/kernels.ts";
import { twins } from "../src/oracle/twins.ts";

const project = new URL("../", import.meta.url);
const filesIn = (folder: string): string[] => readdirSync(new URL(folder, project));

const kernels = filesIn("shaders/")
  .filter((file) => file.endsWith(".wgsl"))
  .map((file) => file.slice(0, -".wgsl".length));

test("there are kernels", () => expect(kernels.length).toBeGreaterThan(0));

test.each([
  { what: "twin", folder: "src/oracle/" },
  { what: "GPU test", folder: "test/gpu/" },
])("every kernel has a $what", ({ folder }) => {
  const files = filesIn(folder);
  expect(kernels.filter((kernel) => !files.includes(`${kernel}.ts`))).toEqual([]);
});

test("every kernel and its twin are registered", () => {
  expect(
    Object.values(registered)
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...kernels].sort());
  expect(Object.keys(twins).sort()).toEqual([...kernels].sort());
});

test("every recurrent cell has a twin", () => {
  const names = (folder: string): string[] => filesIn(folder).map((file) => file.slice(0, file.lastIndexOf(".")));
  const twins = names("src/oracle/cell/");
  expect(names("shaders/cell/").filter((cell) => !twins.includes(cell))).toEqual([]);
});

test("every kernel has a row in the bench", () => {
  const rows = readFileSync(new URL("bench/kernels.ts", project), "utf8");
  expect(kernels.filter((kernel) => !new RegExp(`\\b${kernel}\\b`).test(rows))).toEqual([]);
});
