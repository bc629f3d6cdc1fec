import { describe, expect, test } from "vitest";
import { buildModel, describeModel } from "../../src/io/layers.ts";
import { playSteps } from "../../src/oracle/play.ts";
import { sizeOf, type Tensor } from "../../src/tensor.ts";
import { dot } from "../fixtures/reference.ts";
import { noise } from "../gpu/noise.ts";
import { gradientOf, networkCases, placeNetwork } from "../networks.ts";

/**
 * Of the points of a difference of fourth order: it is off by H⁴/30 of the fifth derivative, 1e-17 of it, and by the
 * rounding of a loss of about 10 that some hundreds of operations make, 2^-53 · 10 · 100 / H = 1e-10. No weight lies so
 * near to the seam of an activation, or to another one's maximum, that a step of H crosses it.
 */
const H = 1e-4;
const TOLERANCE = 1e-8;

/** A wrong element shows in the slope along any direction without zeros. */
const DIRECTIONS = 2;

describe.each(networkCases)("$name", (given) => {
  test("the twins' gradients are the slopes of what they compute", () => {
    const placed = placeNetwork(given);
    const { plan, output, inputs, back } = placed.recorded;
    const memory = placed.place();
    const weights = new Map<Tensor, ArrayLike<number>>([[output, memory.read(back.output)], ...placed.final]);
    playSteps(plan.steps, memory);

    const loss = (moved: Tensor, direction: Float32Array, by: number): number => {
      const beside = placed.place();
      const view = beside.view(moved);
      direction.forEach((value, i) => {
        view[i] = (view[i] as number) + by * value;
      });
      playSteps(plan.steps.slice(0, plan.forward), beside);
      return [...weights].reduce((sum, [tensor, each]) => sum + dot(beside.read(tensor), each), 0);
    };
    const leaves = [
      ...(back.inputs ? [["inputs", inputs, back.inputs] as const] : []),
      ...[...placed.final.keys()].map((state) => ["state", state, back.states.get(state) as Tensor] as const),
      ...[...placed.layout.tensors].map(([name, tensor]) => [name, tensor, gradientOf(placed, name)] as const),
    ];
    for (const [name, leaf, gradient] of leaves) {
      const slopes = memory.read(gradient);
      expect(Math.max(...slopes.map(Math.abs)), name).toBeGreaterThan(1e-6);
      for (let i = 0; i < DIRECTIONS; i++) {
        const direction = noise(sizeOf(leaf.shape), 100 + i);
        const along = (by: number): number => (loss(leaf, direction, by) - loss(leaf, direction, -by)) / (2 * by);
        const numeric = (4 * along(H / 2) - along(H)) / 3;
        expect(Math.abs(numeric - dot(slopes, direction)), name).toBeLessThan(TOLERANCE);
      }
    }
  });

  test("comes back from a checkpoint's description as it was", () => {
    const built = buildModel(JSON.parse(JSON.stringify(describeModel(given.model))));
    expect(JSON.stringify(built.layers)).toBe(JSON.stringify(given.model.layers));
    expect(String(built)).toBe(String(given.model));
  });
});
