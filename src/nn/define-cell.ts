import { onlyKnown } from "../check.ts";
import { refuse } from "../errors.ts";
import type { Cell } from "../ops/cells.ts";
import { WGSL_WORDS } from "./wgsl-words.ts";

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
   * of `shaders/shared/activation.wgsl` and `more_activations.wgsl` are at hand.
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
/** What {@link cellText} itself names where the states are named. */
const TAKEN: ReadonlySet<string> = new Set("in x r dx dr listed Named State Forward Backward".split(" "));

/**
 * Describes a recurrent cell of your own: its pointwise maths, from which both machines and all options follow. Whether
 * `backward` belongs to `forward` is told by `checkGradients` of `webgpu-rnn/check`; whether they compile, by the first
 * program that uses them.
 * @throws WebgpuRnnError when a name is none that WGSL takes or stands twice, there are too many gates or states, or a
 *   text is missing
 */
export function defineCell(definition: CellDefinition): Cell {
  onlyKnown("defineCell", definition, ["name", "gates", "states", "forward", "backward"]);
  const { name, gates, states, forward, backward } = definition;
  checkName("defineCell: name", name);
  checkNames("defineCell: gates", gates, MOST_GATES);
  checkNames("defineCell: states", states, MOST_STATES);
  checkVariables(states);
  checkText("defineCell: forward", forward);
  checkText("defineCell: backward", backward);
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

function checkName(what: string, name: string): void {
  if (typeof name === "string" && NAME.test(name)) return;
  throw refuse({ what, expected: "a letter, then letters, digits and underscores", got: quoted(name) });
}

function checkNames(what: string, names: readonly string[], most: number): void {
  if (!Array.isArray(names) || names.length === 0 || names.length > most) {
    throw refuse({
      what,
      expected: `1 to ${most} names`,
      got: Array.isArray(names) ? `${names.length}` : quoted(names),
    });
  }
  names.forEach((name, i) => {
    checkName(`${what}[${i}]`, name);
    const cure = "choose another name";
    if (WGSL_WORDS.has(name)) throw refuse({ what, expected: "no word of WGSL", got: quoted(name), cure });
    if (names.indexOf(name) !== i)
      throw refuse({ what, expected: "each name once", got: `${quoted(name)} twice`, cure });
  });
}

/** Each state has a variable of its name, and one for its gradient. */
function checkVariables(states: readonly string[]): void {
  const variables = states.flatMap((state) => [state, `d${state}`]);
  variables.forEach((variable, i) => {
    const word = WGSL_WORDS.has(variable);
    if (!word && !TAKEN.has(variable) && variables.indexOf(variable) === i) return;
    throw refuse({
      what: "defineCell: states",
      expected: "names that are free, with d before them as well",
      got: states.map(quoted).join(" and "),
      cure: `choose others: ${variable} is ${word ? "a word of WGSL" : "something else in the cell's text"}`,
    });
  });
}

function checkText(what: string, text: string): void {
  const expected = "WGSL statements";
  if (typeof text !== "string" || text.trim() === "") throw refuse({ what, expected, got: quoted(text) });
  const directive = /#.*/.exec(text)?.[0].trim();
  if (directive) throw refuse({ what, expected: `${expected} alone, without #`, got: directive });
}

const quoted = (value: unknown): string => JSON.stringify(value) ?? "nothing";

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
    "#import shared/more_activations",
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
