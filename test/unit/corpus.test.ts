import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the built-in corpus is frozen, so that losses stay comparable between versions", () => {
  const corpus = readFileSync(new URL("../../src/cli/corpus/corpus.txt", import.meta.url));
  expect(createHash("sha256").update(corpus).digest("hex")).toBe(
    "a0fd359eb55daa0e25d7ddf0d604eeec8965ca2b38651993d5ffd3539e7555ad",
  );
});
