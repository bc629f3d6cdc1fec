import { describe, expect, test } from "vitest";
import { LOSS } from "../../src/control.ts";
import { adagrad } from "../../src/optim/adagrad.ts";
import { adam, adamW } from "../../src/optim/adam.ts";
import { rmsprop } from "../../src/optim/rmsprop.ts";
import { sgd } from "../../src/optim/sgd.ts";
import { OracleMemory, playPlan } from "../../src/oracle/play.ts";
import { LENGTH, nameOf, optimizerFixtures, optimizerOf, STEPS, streamOf, updateOf } from "../fixtures/optimizers.ts";

test.each(optimizerFixtures.map((fixture) => ({ name: nameOf(fixture), fixture })))(
  "the float64 twins update as PyTorch does: $name",
  ({ fixture }) => {
    const { plan, parameters, gradients, initial } = updateOf({ optimizer: optimizerOf(fixture) });
    const memory = new OracleMemory();
    memory.write(parameters, streamOf(0));
    for (const [moment, values] of initial) memory.write(moment, values);
    let compared = 0;
    for (let step = 1; step <= STEPS; step++) {
      memory.write(gradients, streamOf(step));
      playPlan(plan, memory);
      const after = fixture.after[String(step) as keyof typeof fixture.after];
      after?.forEach((wanted, i) => {
        const got = memory.view(parameters)[i] as number;
        expect(Math.abs(got - wanted), `step ${step}, [${i}]`).toBeLessThanOrEqual(1e-12 * Math.abs(wanted));
        compared += 1;
      });
    }
    expect(compared).toBe(4 * LENGTH);
  },
);

describe("an update that is refused", () => {
  test.each(optimizerFixtures.map((fixture) => ({ name: nameOf(fixture), fixture })))(
    "changes neither parameters nor moments, and the next goes on as if it had not been: $name",
    ({ fixture }) => {
      const play = (refused: boolean): Float64Array => {
        const { plan, parameters, gradients, initial, control } = updateOf({ optimizer: optimizerOf(fixture) });
        const memory = new OracleMemory();
        memory.write(parameters, streamOf(0));
        for (const [moment, values] of initial) memory.write(moment, values);
        for (let step = 1; step <= 3; step++) {
          if (refused) {
            memory.write(gradients, streamOf(9));
            memory.view(control)[LOSS] = Number.NaN;
            playPlan(plan, memory);
            memory.view(control)[LOSS] = 0;
          }
          memory.write(gradients, streamOf(step));
          playPlan(plan, memory);
        }
        return memory.read(parameters) as Float64Array;
      };
      expect(play(true)).toEqual(play(false));
    },
  );
});

describe("frozen parameters", () => {
  const optimizer = adamW({ learningRate: 0.1 });
  const play = (freeze: string[], outlier = 0) => {
    const update = updateOf({ optimizer, freeze, clipNorm: 1 }, 3);
    const memory = new OracleMemory();
    for (let i = 0; i < 3; i++) {
      memory.view(update.parameters).set(streamOf(i), 64 * i);
      memory.view(update.gradients).set(streamOf(3 + i), 64 * i);
    }
    memory.view(update.gradients)[64] += outlier;
    playPlan(update.plan, memory);
    const at = (i: number) => [...memory.view(update.parameters).slice(64 * i, 64 * i + LENGTH)];
    return { parts: [0, 1, 2].map(at), norm: memory.view(update.control)[1], dispatches: update.plan.steps.length };
  };

  test("do not change, do not decay and do not count in the norm", () => {
    const { parts, norm, dispatches } = play(["1."]);
    expect(parts[1]).toEqual([...streamOf(1)]);
    expect(parts[0]).not.toEqual([...streamOf(0)]);
    expect(parts[2]).not.toEqual([...streamOf(2)]);
    expect(norm).toBeCloseTo(Math.hypot(...streamOf(3), ...streamOf(5)), 12);
    expect(dispatches).toBe(2 * 2 + 1);
  });

  test("may have gradients that are not finite", () => {
    expect(play(["1.weight"], Number.NaN)).toEqual(play(["1.weight"]));
  });

  test("where there are none one dispatch updates all", () => {
    expect(play([]).dispatches).toBe(3);
  });

  test.each([
    {
      freeze: ["3."],
      message: 'freeze: expected parameters among 0.weight, 1.weight, 2.weight, or layers such as "0."',
    },
    { freeze: ["0"], message: "got 0." },
    { freeze: ["0.", "1.weight", "2."], message: "freeze: expected some parameters left to train, got all of them." },
  ])("are refused: $freeze", ({ freeze, message }) => {
    expect(() => play(freeze)).toThrow(message);
  });
});

test("three steps that share an update are worth one of their mean gradient, by norm and by value clipped", () => {
  const options = { optimizer: sgd({ learningRate: 0.5, momentum: 0.5 }), clipNorm: 1, clipValue: 0.25 };
  const mean = updateOf(options);
  const shared = updateOf({ ...options, accumulate: 3 });
  const [one, three] = [new OracleMemory(), new OracleMemory()];
  one.write(mean.parameters, streamOf(0));
  three.write(shared.parameters, streamOf(0));
  for (let update = 0; update < 2; update++) {
    const streams = [1, 2, 3].map((step) => streamOf(3 * update + step));
    one.write(
      mean.gradients,
      [...streamOf(0)].map((_, i) => streams.reduce((sum, of) => sum + (of[i] ?? 0), 0) / 3),
    );
    playPlan(mean.plan, one);
    const before = three.read(shared.parameters);
    streams.forEach((stream, i) => {
      three.write(shared.gradients, stream);
      playPlan(shared.plan, three);
      if (i < 2) expect(three.read(shared.parameters)).toEqual(before);
    });
    const [got, wanted] = [three.read(shared.parameters), one.read(mean.parameters)];
    got.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i] as number, 14);
    });
  }
  expect([...three.read(shared.counters)]).toEqual([6, 2, 0, 0]);
});

test.each([
  { make: () => sgd({ nesterov: true }), message: "sgd: nesterov: expected momentum above 0 and no dampening with it" },
  { make: () => sgd({ momentum: 1 }), message: "sgd: momentum: expected a number of at least 0 and below 1, got 1." },
  {
    make: () => adam({ weightDecay: -1 }),
    message: "adam: weightDecay: expected a finite number of at least 0, got -1.",
  },
  { make: () => adamW({ epsilon: 0 }), message: "adamW: epsilon: expected" },
  { make: () => adam({ weight_decay: 1 } as object), message: "Write weightDecay." },
  { make: () => adagrad({ initialAccumulator: Number.NaN }), message: "adagrad: initialAccumulator: expected" },
  { make: () => rmsprop({ centered: 1 as unknown as boolean }), message: "rmsprop: centered: expected true or false" },
])("options out of range are refused: $message", ({ make, message }) => {
  expect(make).toThrow(message);
});
