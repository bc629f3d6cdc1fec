import { describe, expect, test } from "vitest";
import { deviceMask } from "../../src/batch/mask.ts";
import { defineCell } from "../../src/nn/define-cell.ts";
import { gru } from "../../src/nn/gru.ts";
import { jordan } from "../../src/nn/jordan.ts";
import type { Layer } from "../../src/nn/layer.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { mgu } from "../../src/nn/mgu.ts";
import { recurrent } from "../../src/nn/own-cell.ts";
import { indrnn, rnn } from "../../src/nn/rnn.ts";

/** A layer function as JavaScript calls it: nothing is known of what comes. */
type Build = (...given: unknown[]) => Layer;
const loose =
  (layer: object): Build =>
  (...given) =>
    Reflect.apply(layer as Build, undefined, given);

const own = defineCell({ name: "own", gates: ["a"], states: ["h"], forward: "h = x.a + r.a;", backward: "dx.a = dh;" });
const layers: Readonly<Record<string, Build>> = {
  rnn: loose(rnn),
  indrnn: loose(indrnn),
  lstm: loose(lstm),
  gru: loose(gru),
  mgu: loose(mgu),
  jordan: (inputs, hidden, options) => loose(jordan)(inputs, hidden, 2, options),
  recurrent: (...given) => loose(recurrent)(own, ...given),
};

describe.each(Object.entries(layers))("%s", (kind, layer) => {
  test.each([
    ["no inputs", [0, 4], "inputs: expected a whole number from 1 to 65536, got 0."],
    ["half an input", [1.5, 4], "inputs: expected a whole number from 1 to 65536, got 1.5."],
    ["no units", [3, 0], "hidden: expected a whole number from 1 to 65536, got 0."],
    ["no widths", [3, []], "hidden: expected at least one width, got none."],
    ["a width of 0", [3, [4, 0]], "hidden[1]: expected a whole number from 1 to 65536, got 0."],
    ["fewer layers than widths", [3, [4, 5], { layers: 1 }], "layers: expected a whole number from 2 to 2, got 1."],
    ["half a layer", [3, 4, { layers: 2.5 }], "layers: expected a whole number from 1 to 65536, got 2.5."],
    ["a number for options", [3, 4, 2], "options: expected an object with any of layers, direction, "],
    ["null for options", [3, 4, null], "options: expected an object with any of layers, direction, "],
  ])("refuses %s", (_, given, message) => {
    expect(() => layer(...given)).toThrow(`${kind}: ${message}`);
  });

  test("refuses a wavefront of one layer", () => {
    const message = `${kind}: machine "wavefront": expected layers that it can take together, got `;
    expect(() => layer(3, 4, { machine: "wavefront" })).toThrow(message);
  });

  test.each(["inputDropout", "dropout", "recurrentDropout", "dropConnect", "zoneout"])("%s lies in [0, 1)", (share) => {
    for (const value of [-0.1, 1, 1 - 1e-9, Number.NaN, "0.5", null]) {
      const message = `${kind}: ${share}: expected a number of at least 0 and below 1, got ${value}.`;
      expect(() => layer(3, 4, { [share]: value })).toThrow(message);
    }
    expect(() => layer(3, 4, { [share]: 0.5 })).not.toThrow();
  });

  test.each([
    [{ direction: "both" }, "direction: expected one of forward, reverse, bidirectional, got both."],
    [{ merge: "max" }, "merge: expected one of concat, sum, mean, multiply, got max."],
    [{ recurrentDropoutMask: "batch" }, "recurrentDropoutMask: expected one of step, sequence, got batch."],
    [{ initialState: "random" }, "initialState: expected one of zero, learned, got random."],
    [{ padding: "one" }, "padding: expected one of zero, carry, got one."],
    [{ returns: "first" }, "returns: expected one of sequence, last, got first."],
    [{ machine: "fast" }, "machine: expected one of scan, step, wavefront, got fast."],
    [{ bias: "no" }, "bias: expected true or false, got no."],
    [{ layerNorm: 1 }, "layerNorm: expected true or false, got 1."],
    [{ bidirectional: "yes" }, "bidirectional: expected true or false, got yes."],
    [{ bidirectional: true, direction: "reverse" }, "bidirectional: expected direction or bidirectional, got both."],
  ])("refuses %j", (options, message) => {
    expect(() => layer(3, 4, options)).toThrow(`${kind}: ${message}`);
  });

  test("refuses an option that there is not, naming the one that is meant", () => {
    const refused = (options: object) => () => layer(3, 4, options);
    expect(refused({ zonout: 0.1 })).toThrow(/: options: expected none but layers, .*, got zonout\. Write zoneout\.$/);
    expect(refused({ layernorm: true })).toThrow("got layernorm. Write layerNorm.");
    expect(refused({ hiden: 4 })).toThrow("got hiden. Leave it out.");
  });

  test("bidirectional: true is short for its direction", () => {
    const short = layer(3, 4, { bidirectional: true });
    const long = layer(3, 4, { direction: "bidirectional" });
    expect(short.config).toEqual(long.config);
    expect(short.parameters).toEqual(long.parameters);
    expect(layer(3, 4, { bidirectional: false }).parameters).toEqual(layer(3, 4).parameters);
  });
});

describe("activations", () => {
  test.each([
    ["unknown", () => layers.rnn?.(3, 4, { activation: "sinus" }), "rnn: activation f: expected one of tanh, "],
    [
      "without their alpha",
      () => layers.lstm?.(3, 4, { activations: ["sigmoid", { name: "affine", beta: 0 }, "tanh"] }),
      "lstm: activation g: alpha: expected a number, got none. There is no default for affine.",
    ],
    [
      "with a number that they do not take",
      () => layers.rnn?.(3, 4, { activation: { name: "relu", alpha: 2 } }),
      "rnn: activation f: alpha: expected relu without parameters, got 2.",
    ],
    ["too few", () => layers.gru?.(3, 4, { activations: ["tanh"] }), "gru: activations: expected 2 (f, g), got 1."],
    [
      "neither one set nor two",
      () => layers.gru?.(3, 4, { activations: ["sigmoid", "tanh", "tanh"], bidirectional: true }),
      "gru: activations: expected 2 (f, g), or 4, forward then reverse, got 3.",
    ],
    [
      "one that is no list",
      () => layers.lstm?.(3, 4, { activations: "tanh" }),
      "lstm: activations: expected 3 (f, g, h), got tanh.",
    ],
  ])("are refused: %s", (_, build, message) => {
    expect(build).toThrow(message);
  });
});

test.each([
  [{ projection: 0 }, "lstm: projection: expected a whole number from 1 to 65536, got 0."],
  [{ projection: 1.5 }, "lstm: projection: expected a whole number from 1 to 65536, got 1.5."],
  [{ cellClip: 0 }, "lstm: cellClip: expected a finite number above 0, got 0."],
  [{ clip: -1 }, "lstm: clip: expected a finite number above 0, got -1."],
  [{ clip: Number.NaN }, "lstm: clip: expected a finite number above 0, got NaN."],
  [{ peepholes: 3 }, "lstm: peepholes: expected true or false, got 3."],
  [{ forgetBias: Number.NEGATIVE_INFINITY }, "lstm: forgetBias: expected a finite number, got -Infinity."],
  [{ forgetBias: 1, bias: false }, "lstm: forgetBias: expected a layer with biases, got bias: false."],
  [{ forgetBias: 1, coupled: true }, "lstm: forgetBias: expected a layer with a forget gate of its own, got coupled"],
])("an LSTM refuses %o", (options, message) => {
  expect(() => layers.lstm?.(3, 4, options)).toThrow(message);
});

test("options of one layer are none of another", () => {
  expect(() => layers.gru?.(3, 4, { peepholes: true })).toThrow("gru: options: expected none but layers, ");
  expect(() => layers.gru?.(3, 4, { reset: "never" })).toThrow("gru: reset: expected one of after, before, got never.");
  expect(() => loose(jordan)(3, 4, 0)).toThrow("jordan: outputs: expected a whole number from 1 to 65536, got 0.");
});

describe("lengths and masks of a batch of 2 rows and 3 steps", () => {
  test.each([
    [{ lengths: [3] }, "lengths: expected 2, one for each row, got 1."],
    [{ lengths: 3 }, "lengths: expected 2, one for each row, got undefined."],
    [{ lengths: [3, 4] }, "lengths: row 1: expected a whole number from 0 to 3, got 4."],
    [{ lengths: [-1, 3] }, "lengths: row 0: expected a whole number from 0 to 3, got -1."],
    [{ lengths: [1, 1.5] }, "lengths: row 1: expected a whole number from 0 to 3, got 1.5."],
    [{ lengths: [Number.NaN, 1] }, "lengths: row 0: expected a whole number from 0 to 3, got NaN."],
    [{ mask: [1, 1, 1, 1] }, "mask: expected shape [2, 3], got 4 numbers."],
    [{ mask: [[1, 1, 1]] }, "mask: expected shape [2, 3], got rows of 3."],
    [{ mask: [[1, 1, 1], [1]] }, "mask: expected shape [2, 3], got rows of 3, 1."],
    [{ mask: [1, 1, 1, 1, 0.5, 1] }, "mask: expected zeros and ones, got 0.5 at place 4."],
    [{ mask: [1, 1, 1, 1, Number.NaN, 1] }, "mask: expected zeros and ones, got NaN at place 4."],
    [{ mask: [1, 1, 1, 1, 1, 1], lengths: [3, 3] }, "mask: expected lengths or a mask, got both."],
  ])("%o is refused", (given, message) => {
    const loosely = (): unknown => Reflect.apply(deviceMask, undefined, [given, 2, 3, true]);
    expect(loosely).toThrow(message);
  });

  test("become one mask of the device, time-major", () => {
    const wanted = Float32Array.of(1, 1, 1, 0, 0, 0);
    expect(deviceMask({ lengths: [2, 1] }, 2, 3, true)).toEqual(wanted);
    expect(deviceMask({ mask: [[1, 1, 0], Uint8Array.of(1, 0, 0)] }, 2, 3, true)).toEqual(wanted);
    expect(deviceMask({ mask: [1, 1, 1, 0, 0, 0] }, 2, 3, false)).toEqual(wanted);
    expect(deviceMask({}, 2, 3, true)).toBeUndefined();
  });
});

test.each([
  ["several widths", lstm, [4, 5], {}],
  ["both directions", gru, 4, { direction: "bidirectional" }],
  ["a second product", gru, 4, { reset: "before" }],
  ["a diagonal R", indrnn, 4, {}],
  ["layerNorm", lstm, 4, { layerNorm: true }],
  ["dropout", rnn, 4, { dropout: 0.5 }],
  ["recurrentDropout", rnn, 4, { recurrentDropout: 0.5 }],
])("a wavefront takes no layers with %s", (got, layer, hidden, options) => {
  const joined = { ...(Array.isArray(hidden) ? {} : { layers: 2 }), ...options };
  expect(() => loose(layer)(3, hidden, { ...joined, machine: "wavefront" })).toThrow(`got ${got}. `);
  expect(() => loose(layer)(3, hidden, joined)).not.toThrow();
});
