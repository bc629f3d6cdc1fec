import { describe, expect, test } from "vitest";
import { type CellDefinition, defineCell } from "../../src/nn/define-cell.ts";
import { recurrent } from "../../src/nn/own-cell.ts";
import { makeCell } from "../../src/ops/cells.ts";

const leaky: CellDefinition = {
  name: "leaky",
  gates: ["a"],
  states: ["h"],
  forward: "h = mix(h, safe_tanh(x.a + r.a), 0.5);",
  backward: "dx.a = 0.5 * dh * tanh_derivative(safe_tanh(x.a + r.a)); dr = dx; dh = 0.5 * dh;",
};

/** A definition that JavaScript lets through. */
const refusal = (changed: Record<string, unknown>) => () => defineCell({ ...leaky, ...changed });

test("a cell of one's own makes a layer with PyTorch's parameters, a row of H for each gate", () => {
  const cell = defineCell({ ...leaky, gates: ["a", "b", "c"], states: ["h", "m"] });
  const layer = recurrent(cell, 2, 5);
  expect(layer.parameters.map(({ name, shape }) => [name, shape])).toEqual([
    ["weight_ih_l0", [15, 2]],
    ["weight_hh_l0", [15, 5]],
    ["bias_ih_l0", [15]],
    ["bias_hh_l0", [15]],
  ]);
});

test("cells of one name and another text are different cells, of one text the same", () => {
  const other = { ...leaky, forward: leaky.forward.replace("0.5", "0.25") };
  expect(defineCell(leaky).name).toMatch(/^leaky#/);
  expect(defineCell(other).name).not.toBe(defineCell(leaky).name);
  expect(defineCell({ ...leaky })).toEqual(defineCell(leaky));
});

test("a layer of one's own takes no cell but one of one's own", () => {
  const expected = "recurrent: cell: expected a cell that defineCell gave, got";
  expect(() => recurrent(makeCell("", { kind: "mgu", gates: 1, states: 1 }, {}), 2, 3)).toThrow(`${expected} mgu.`);
  expect(() => Reflect.apply(recurrent, undefined, [leaky, 2, 3])).toThrow(`${expected} leaky.`);
  expect(() => Reflect.apply(recurrent, undefined, [undefined, 2, 3])).toThrow(`${expected} undefined.`);
});

describe("refuses, saying what would do", () => {
  test.each([
    [{ name: "" }, 'name: expected a letter, then letters, digits and underscores, got "".'],
    [{ name: undefined }, "name: expected a letter, then letters, digits and underscores, got nothing."],
    [{ gates: [] }, "gates: expected 1 to 4 names, got 0."],
    [{ gates: "ab" }, 'gates: expected 1 to 4 names, got "ab".'],
    [{ gates: ["a", "b", "c", "d", "e"] }, "gates: expected 1 to 4 names, got 5."],
    [{ gates: ["a", "b-"] }, 'gates[1]: expected a letter, then letters, digits and underscores, got "b-".'],
    [{ gates: ["a", 1] }, "gates[1]: expected a letter, then letters, digits and underscores, got 1."],
    [{ gates: ["_a"] }, 'gates[0]: expected a letter, then letters, digits and underscores, got "_a".'],
    [{ gates: ["a", "a"] }, 'gates: expected each name once, got "a" twice. Choose another name.'],
    [{ gates: ["if"] }, 'gates: expected no word of WGSL, got "if". Choose another name.'],
    [{ gates: ["self"] }, 'gates: expected no word of WGSL, got "self".'],
    [{ states: [] }, "states: expected 1 to 2 names, got 0."],
    [{ states: ["h", "c", "m"] }, "states: expected 1 to 2 names, got 3."],
    [{ states: ["loop"] }, 'states: expected no word of WGSL, got "loop".'],
    [{ states: ["o"] }, 'with d before them as well, got "o". Choose others: do is a word of WGSL.'],
    [{ states: ["x"] }, "Choose others: x is something else in the cell's text."],
    [{ states: ["h", "r"] }, 'got "h" and "r". Choose others: r is something else in the cell\'s text'],
    [{ states: ["in"] }, 'got "in".'],
    [{ states: ["State"] }, 'got "State".'],
    [{ states: ["h", "dh"] }, 'got "h" and "dh".'],
    [{ forward: " \n" }, 'forward: expected WGSL statements, got " \\n".'],
    [{ backward: undefined }, "backward: expected WGSL statements, got nothing."],
    [{ forward: "h = 0.0;\n  #import cell" }, "forward: expected WGSL statements alone, without #, got #import cell."],
  ])("%j", (changed, message) => {
    expect(refusal(changed)).toThrow(message);
    expect(refusal(changed)).toThrow(/^defineCell: /);
  });
});

test("letters that WGSL and the cell's text leave free may be names", () => {
  const gates = ["g", "x", "r", "in"];
  expect(defineCell({ ...leaky, gates, states: ["h", "c"] }).gates).toBe(4);
});
