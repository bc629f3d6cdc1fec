import { afterAll, beforeAll, test } from "vitest";
import { cases } from "../gpu/all.ts";
import { type Deno, startDeno } from "./deno.ts";

let deno: Deno;

beforeAll(async () => {
  deno = await startDeno();
  console.log(`${deno.version}: ${deno.adapter}`);
});

afterAll(() => deno?.end());

for (const { name } of cases) test(name, () => deno.run(name));
