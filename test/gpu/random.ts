import { threefry, uniformFrom } from "../../src/random.ts";
import type { Kernel } from "../../src/variant.ts";
import { knownAnswers } from "../fixtures/threefry.ts";
import type { GpuCase } from "./case.ts";
import { compare, playDispatch } from "./check.ts";
import { randomIds } from "./noise.ts";

/** What `shared/random` gives for keys and counters [n, 4]: both words of bits, and a number from the first. */
const kernel: Kernel = {
  name: "random",
  source: `
#import shared/random
struct Dims {
  length: u32,
}
@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> words: array<u32>;
@group(0) @binding(2) var<storage, read_write> bits: array<u32>;
@group(0) @binding(3) var<storage, read_write> uniforms: array<f32>;
@compute @workgroup_size(1)
fn main() {
  for (var i = 0u; i < dims.length; i++) {
    let drawn = threefry(vec2u(words[4u * i], words[4u * i + 1u]), vec2u(words[4u * i + 2u], words[4u * i + 3u]));
    bits[2u * i] = drawn.x;
    bits[2u * i + 1u] = drawn.y;
    uniforms[i] = uniform_from(drawn.x);
  }
}`,
};

async function play(gpu: Parameters<GpuCase["run"]>[0], words: Uint32Array) {
  const length = words.length / 4;
  const buffers = { words, bits: new Uint32Array(2 * length), uniforms: new Float32Array(length) };
  return await playDispatch(gpu, { variant: { kernel }, dims: { length }, buffers, workgroups: [1, 1, 1] });
}

export const cases: GpuCase[] = [
  {
    name: "threefry gives Random123's answers",
    run: async (gpu) => {
      const words = Uint32Array.from(knownAnswers.flatMap(({ key, counter }) => [...key, ...counter]));
      compare(
        "bits",
        (await play(gpu, words)).bits as Uint32Array,
        knownAnswers.flatMap(({ bits }) => bits),
        0,
      );
    },
  },
  {
    name: "1,000 keys and counters give the bits and numbers of src/random.ts",
    run: async (gpu) => {
      const words = randomIds(4000, 1, 2 ** 32);
      const expected = Array.from({ length: 1000 }, (_, i) =>
        threefry(...(words.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number])),
      );
      const { bits, uniforms } = await play(gpu, words);
      compare("bits", bits as Uint32Array, expected.flat(), 0);
      compare(
        "uniforms",
        uniforms as Float32Array,
        expected.map(([first]) => uniformFrom(first)),
        0,
      );
    },
  },
];
