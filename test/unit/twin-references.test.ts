import { expect, test } from "vitest";
import { TOLERANCE } from "../gpu/compare-named.ts";
import { choiceName, layerChoices } from "../layer-cases.ts";
import { recordedCase } from "../recorded-layer.ts";
import { twinReferences } from "../twin-references.ts";

test.each(layerChoices.map((choice) => [choiceName(choice), choice] as const))(
  "%s: rounding sways no result by more than ten times what is allowed anyway",
  (_, choice) => {
    const { layer, given, run } = recordedCase(choice);
    const shares = Object.entries(twinReferences(layer, given, run)).map(([name, { rms, sway = 0 }]) => {
      return { name, share: rms === 0 ? sway : sway / rms / TOLERANCE };
    });
    expect(shares.filter(({ share }) => !(share < 10))).toEqual([]);
  },
);
