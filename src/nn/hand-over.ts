import { refuse } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { FLAG, type PlacedState, type StatePart } from "./layer.ts";
import type { RecordedModel } from "./record.ts";

type StateParts = RecordedModel["stateParts"];

/** The states of each recurrent layer of a model, from the first to the last. */
export const layersOfStates = (parts: StateParts): Map<string, PlacedState[]>[] =>
  [...parts].flatMap(([tensor, all]) => layersWithin(tensor, all));

/**
 * The states of the recurrent layers that have theirs in a tensor, by their letters, each by direction; flags of learned
 * states are none, nor is a past.
 */
export function layersWithin(tensor: Tensor, parts: readonly StatePart[]): Map<string, PlacedState[]>[] {
  const layers = new Map<string, Map<string, PlacedState[]>>();
  for (const part of parts) {
    const [, letter, layer] = /([^.]+)_l(\d+)(?:_reverse)?$/.exec(part.name) ?? [];
    if (!letter || !layer || letter.startsWith(FLAG)) continue;
    const states = layers.get(layer) ?? new Map<string, PlacedState[]>();
    layers.set(layer, states.set(letter, [...(states.get(letter) ?? []), { ...part, tensor }]));
  }
  return [...layers.values()];
}

/** @throws WebgpuRnnError when the states that an encoder ends with are not those that a decoder starts from */
export function checkHandOver(encoder: StateParts, decoder: StateParts): void {
  const [given, wanted] = [layersOfStates(encoder), layersOfStates(decoder)];
  const cure = "give both recurrent layers of the same cell and number; one behind both directions is twice as wide";
  if (wanted.length === 0 || given.length !== wanted.length) {
    const expected = `as many recurrent layers as in the encoder, ${given.length}, and at least one`;
    throw refuse({ what: "encoderDecoder: decoder", expected, got: String(wanted.length), cure });
  }
  wanted.forEach((states, i) => {
    const expected = text(given[i] as Map<string, PlacedState[]>);
    const got = text(states);
    if (expected === got) return;
    throw refuse({
      what: `encoderDecoder: decoder: recurrent layer ${i}`,
      expected: `states ${expected}, the encoder's`,
      got,
      cure,
    });
  });
}

const text = (states: Map<string, PlacedState[]>): string =>
  [...states]
    .map(([letter, parts]) => `${letter} of ${parts.reduce((sum, { shape: [, width] }) => sum + width, 0)}`)
    .join(" and ");
