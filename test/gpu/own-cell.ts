import type { Gpu } from "../../src/gpu/device.ts";
import { type CellDefinition, defineCell } from "../../src/nn/define-cell.ts";
import type { RecurrentOptions } from "../../src/nn/recurrent-options.ts";
import { checkGradients } from "../../src/run/check-gradients.ts";
import type { GpuCase } from "./case.ts";

/** The cell of Collins, Sohl-Dickstein & Sussillo 2017, which the README shows. */
const UGRNN: CellDefinition = {
  name: "ugrnn",
  gates: ["g", "c"],
  states: ["h"],
  forward: "let g = sigmoid(x.g + r.g); let c = safe_tanh(x.c + r.c); h = mix(c, h, g);",
  backward: `
    let g = sigmoid(x.g + r.g);
    let c = safe_tanh(x.c + r.c);
    dx.g = dh * (h - c) * sigmoid_derivative(g);
    dx.c = dh * (1.0 - g) * tanh_derivative(c);
    dr = dx;
    dh = dh * g;
  `,
};

/** Two states and four gates: an LSTM whose output gate is a hard one. */
const TWO_STATES: CellDefinition = {
  name: "two_states",
  gates: ["i", "f", "g", "o"],
  states: ["h", "c"],
  forward: `
    c = sigmoid(x.f + r.f) * c + sigmoid(x.i + r.i) * safe_tanh(x.g + r.g);
    h = sigmoid(x.o + r.o) * c;
  `,
  backward: `
    let i = sigmoid(x.i + r.i);
    let f = sigmoid(x.f + r.f);
    let g = safe_tanh(x.g + r.g);
    let o = sigmoid(x.o + r.o);
    let total = dc + dh * o;
    dx.o = dh * (f * c + i * g) * sigmoid_derivative(o);
    dx.i = total * g * sigmoid_derivative(i);
    dx.f = total * c * sigmoid_derivative(f);
    dx.g = total * i * tanh_derivative(g);
    dr = dx;
    dh = 0.0;
    dc = total * f;
  `,
};

/** A GRU, whose candidate sees r scaled; differences with layer normalisation want a shorter step in places. */
const OWN_GRU: CellDefinition = {
  name: "own_gru",
  gates: ["a", "z", "n"],
  states: ["h"],
  forward: `
    let z = sigmoid(x.z + r.z);
    h = mix(safe_tanh(x.n + sigmoid(x.a + r.a) * r.n), h, z);
  `,
  backward: `
    let a = sigmoid(x.a + r.a);
    let z = sigmoid(x.z + r.z);
    let n = safe_tanh(x.n + a * r.n);
    dx.n = dh * (1.0 - z) * tanh_derivative(n);
    dx.a = dx.n * r.n * sigmoid_derivative(a);
    dx.z = dh * (h - n) * sigmoid_derivative(z);
    dr = dx;
    dr.n = dx.n * a;
    dh = dh * z;
  `,
};

/** Each cell and what its row statistics, its stack and the update rule add to it. */
const CHECKS: readonly [CellDefinition, RecurrentOptions][] = [
  [UGRNN, {}],
  [UGRNN, { layers: 2, direction: "bidirectional", layerNorm: true }],
  [OWN_GRU, { layers: 2, bidirectional: true, merge: "multiply", layerNorm: true }],
  [TWO_STATES, { zoneout: 0.2, initialState: "learned", returns: "last", bias: false }],
];

export const cases: readonly GpuCase[] = [
  ...CHECKS.map(([definition, options]) => ({
    name: `${definition.name} ${JSON.stringify(options)}: gradients agree with differences on both machines`,
    async run(gpu: Gpu) {
      const report = await checkGradients(gpu, defineCell(definition), options);
      if (!report.passed || report.rows.length === 0) throw new Error(String(report));
    },
  })),
  {
    name: "a wrong way back is told",
    run: async (gpu) => {
      const wrong = { ...UGRNN, backward: UGRNN.backward.replace("dh = dh * g", "dh = dh * c") };
      const report = await checkGradients(gpu, defineCell(wrong));
      const told = report.rows.filter(({ passed }) => !passed).map(({ machine, name }) => `${machine} ${name}`);
      if (
        !told.includes("scan 0.h_l0") ||
        !told.includes("step 0.h_l0") ||
        !/ 0\.h_l0 .* wrong\n/.test(String(report))
      ) {
        throw new Error(`the gradient of the initial state passes:\n${report}`);
      }
    },
  },
  {
    name: "a text that does not compile is refused with its line in the composed source, and the device goes on",
    async run(gpu) {
      const broken = defineCell({ ...UGRNN, name: "broken", forward: "let g = x.g;\nh = missing(g);" });
      const error: Error = await checkGradients(gpu, broken).then(
        () => new Error("it compiles"),
        (refusal) => refusal,
      );
      const parts = [
        /^shader ".*broken.*" does not compile/,
        /missing/,
        /^ +\d+ +let g = x\.g;\n> +\d+ +h = missing\(g\);$/m,
      ];
      if (error.name !== "WebgpuRnnError" || !parts.every((part) => part.test(error.message))) throw error;
    },
  },
];
