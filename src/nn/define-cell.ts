import { refuse } from "../errors.ts";
import type { Cell } from "../ops/cells.ts";

export interface CellDefinition {
  /** What plans and errors call it: a letter, then letters, digits and underscores. */
  name: string;
  /** G names, 1 to 4: rows of H in the weights, in this order. */
  gates: readonly string[];
  /** S names, 1 or 2: what a unit keeps from step to step, the output first. */
  states: readonly string[];
  /**
   * WGSL statements of one step of one unit. They read `x.<gate>`, W·x + b_ih, and `r.<gate>`, R·h + b_hh, and take the
   * variable of each state, such as `h`, from before the step to after it. `sigmoid`, `safe_tanh` and the other functions
   * of `shaders/shared/activation.wgsl` are at hand.
   */
  forward: string;
  /**
   * WGSL statements of the way back. They read `x`, `r` and the states before the step, set `dx.<gate>` and `dr.<gate>`,
   * and take the variable of each state's gradient, such as `dh`, from after the step to before it, without what passes
   * through r.
   */
  backward: string;
}

const NAME = /^[a-zA-Z][a-zA-Z0-9_]*$/;
const MOST_GATES = 4;
const MOST_STATES = 2;
const COUNTS = ["one_gate", "two_gates", "three_gates", "four_gates"];

/**
 * Describes a recurrent cell of your own: its pointwise maths, from which both machines and all options follow. Whether
 * `backward` belongs to `forward` is told by `checkGradients` of `webgpu-rnn/check`; whether they compile, by the first
 * program that uses them.
 * @throws WebgpuRnnError when a name is none or stands twice, there are too many gates or states, or a text is missing
 */
export function defineCell({ name, gates, states, forward, backward }: CellDefinition): Cell {
  checkNames("defineCell: name", [name], 1);
  checkNames("defineCell: gates", gates, MOST_GATES);
  checkNames("defineCell: states", states, MOST_STATES);
  for (const [what, text] of Object.entries({ forward, backward })) {
    if (typeof text === "string" && text.trim() !== "") continue;
    throw refuse({ what: `defineCell: ${what}`, expected: "WGSL statements", got: JSON.stringify(text) ?? "nothing" });
  }
  const source = cellText({ name, gates, states, forward, backward });
  return {
    kind: "own",
    name: `${name}#${fingerprint(source)}`,
    source,
    gates: gates.length,
    states: states.length,
    split: true,
    activations: {},
    clip: undefined,
  };
}

function checkNames(what: string, names: readonly string[], most: number): void {
  const count = most === 1 ? "one name" : `1 to ${most} names`;
  if (!Array.isArray(names) || names.length === 0 || names.length > most) {
    throw refuse({ what, expected: count, got: Array.isArray(names) ? String(names.length) : String(names) });
  }
  const wrong = names.find((name, i) => !NAME.test(name) || names.indexOf(name) !== i);
  if (wrong === undefined) return;
  const expected = `${count} of letters, digits and underscores, each once`;
  throw refuse({ what, expected, got: names.map((name) => JSON.stringify(name)).join(", ") });
}

/**
 * The cell's maths as the machines take it. x is kept as it is and r beside it (SPLIT), so that the way back can compute
 * whatever it needs again.
 */
function cellText({ gates, states, forward, backward }: CellDefinition): string {
  const vector = ["x", "y"];
  const states2 = (prefix: string): string =>
    [...states.map((state) => `${prefix}${state}`), "0.0"].slice(0, 2).join(", ");
  const from = (struct: string, keyword: string, prefix: string): string[] =>
    states.map((state, s) => `  ${keyword} ${prefix}${state} = ${struct}.${vector[s]};`);
  const indented = (text: string): string[] => [
    "  {",
    ...text
      .trim()
      .split("\n")
      .map((line) => `    ${line.trim()}`),
    "  }",
  ];
  return [
    "#import shared/activation",
    `#import shared/${COUNTS[gates.length - 1]}`,
    "struct Named {",
    ...gates.map((gate) => `  ${gate}: f32,`),
    "}",
    `fn named(gates: Gates) -> Named { return Named(${gates.map((_, g) => `gate_of(gates, ${g}u)`).join(", ")}); }`,
    `fn listed(named: Named) -> Gates { return Gates(${gates.map((gate) => `named.${gate}`).join(", ")}); }`,
    "fn cell_forward(in: Step) -> Forward {",
    "  let x = named(in.x);",
    "  let r = named(in.r);",
    ...from("in.previous", "var", ""),
    ...indented(forward),
    `  return Forward(State(${states2("")}), in.x);`,
    "}",
    "fn cell_backward(in: Back) -> Backward {",
    "  let x = named(in.saved);",
    "  let r = named(in.r);",
    ...from("in.previous", "let", ""),
    ...from("in.dstate", "var", "d"),
    "  var dx = Named();",
    "  var dr = Named();",
    ...indented(backward),
    `  return Backward(listed(dx), listed(dr), State(${states2("d")}));`,
    "}",
  ].join("\n");
}

/** FNV-1a, 32 bits: tells texts under one name apart. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
