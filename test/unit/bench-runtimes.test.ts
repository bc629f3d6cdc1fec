import { expect, test } from "vitest";
import { runtimesOf } from "../../bench/runtimes.ts";

test("runtimes are read in their order, and one that nobody knows is refused", () => {
  expect(runtimesOf("firefox,node")).toEqual(["firefox", "node"]);
  expect(() => runtimesOf("node,netscape")).toThrow(
    "--runtime: expected some of node, deno, chromium, firefox, got netscape.",
  );
});
