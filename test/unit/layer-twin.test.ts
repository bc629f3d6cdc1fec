import { describe, expect, test } from "vitest";
import { playSteps } from "../../src/oracle/play.ts";
import { sizeOf, type Tensor } from "../../src/tensor.ts";
import { dot } from "../fixtures/reference.ts";
import { noise } from "../gpu/noise.ts";
import { choiceName, type LayerChoice, layerChoices } from "../layer-cases.ts";
import { type PlacedLayer, parameterGradient, placeNamed } from "../play-named.ts";
import { recordedCase } from "../recorded-layer.ts";

/**
 * Of the points of a difference of fourth order: it is off by H⁴/30 of the fifth derivative, 1e-17 of it, and by the
 * rounding of a loss of about 10 that some thousands of operations make, 2^-53 · 10 · 100 / H = 1e-10.
 */
const H = 1e-4;
const TOLERANCE = 1e-8;

/** A wrong element shows in the slope along any direction without zeros. */
const DIRECTIONS = 2;

/** Everything with a gradient: what is moved, and where its gradient lies. */
function leavesOf({ recorded, parameters }: PlacedLayer, { initialState }: LayerChoice): [string, Tensor, Tensor][] {
  const { inputs, back, stateParts } = recorded;
  const states = [...stateParts].flatMap(([state, parts]) =>
    parts.map(({ name, shape, offset }): [string, Tensor, Tensor] => {
      const within = (of: Tensor): Tensor => ({ ...of, shape, offset: of.offset + offset });
      return [`initial ${name}`, within(state), within(back.states.get(state) as Tensor)];
    }),
  );
  return [
    ["inputs", inputs, back.inputs as Tensor],
    ...[...parameters.tensors].map(([name, tensor]): [string, Tensor, Tensor] => {
      return [name, tensor, parameterGradient({ recorded, parameters }, name)];
    }),
    ...(initialState === "learned" ? [] : states), // where they are learned, what stands there is not used
  ];
}

/** What nothing comes of: the hidden h of a Jordan network unless zoneout or a row without steps keeps it. */
const passing = (name: string, { cell, zoneout, rows }: LayerChoice): boolean =>
  cell.startsWith("jordan") && name.startsWith("initial 0.h") && zoneout === "none" && rows !== "lengths";

describe.each(layerChoices.map((choice) => ({ name: choiceName(choice), choice })))("$name", ({ choice }) => {
  const { layer, given, run } = recordedCase(choice);

  test("the twins' gradients are the slopes of what they compute", () => {
    const placed = placeNamed(layer, given, run);
    const { plan, output, stateParts, back } = placed.recorded;
    const memory = placed.place();
    const cotangents = [
      [output, memory.read(back.output)] as const,
      ...[...stateParts.keys()].map((state) => [state, memory.read(back.states.get(state) as Tensor)] as const),
    ];
    playSteps(plan.steps, memory);

    /** What the cotangents weigh outputs and final states to, with one tensor moved. */
    const loss = (moved: Tensor, direction: Float32Array, by: number): number => {
      const beside = placed.place();
      const view = beside.view(moved);
      direction.forEach((value, i) => {
        view[i] = (view[i] as number) + by * value;
      });
      playSteps(plan.steps.slice(0, plan.forward), beside);
      return cotangents.reduce((sum, [tensor, weights]) => sum + dot(beside.read(tensor), weights), 0);
    };
    for (const [name, leaf, gradient] of leavesOf(placed, choice)) {
      const slopes = memory.read(gradient);
      if (!passing(name, choice)) expect(Math.max(...slopes.map(Math.abs)), name).toBeGreaterThan(1e-6);
      for (let i = 0; i < DIRECTIONS; i++) {
        const direction = noise(sizeOf(leaf.shape), 100 + i);
        const along = (by: number): number => (loss(leaf, direction, by) - loss(leaf, direction, -by)) / (2 * by);
        const numeric = (4 * along(H / 2) - along(H)) / 3;
        expect(Math.abs(numeric - dot(slopes, direction)), name).toBeLessThan(TOLERANCE);
      }
    }
  });
});
