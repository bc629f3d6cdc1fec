import { expect, test } from "vitest";
import { pairsOf } from "../covering.ts";
import { layerChoices, layerSettings } from "../layer-cases.ts";

const { settings, telling } = layerSettings;

test("every two settings of recurrent layers meet in a case", () => {
  const missing = pairsOf(settings, telling).filter(
    (pair) =>
      !layerChoices.some((choice) => Object.entries(pair).every(([name, value]) => choice[name as "cell"] === value)),
  );
  expect(missing).toEqual([]);
  expect(layerChoices.length).toBeLessThan(110);
});

test("the pairs that cannot meet are those of which one does nothing beside the other", () => {
  const all = pairsOf(settings, () => true);
  const left = all.filter((pair) => !telling(pair)).map((pair) => Object.entries(pair).flat().join(" "));
  expect(left.sort()).toEqual([
    "dropConnect yes zoneout expected",
    "dropout between layers 1",
    "dropout between zoneout expected",
    "dropout input zoneout expected",
    "padding carry returns last",
    "padding carry rows all",
    "recurrentDropout sequence zoneout expected",
    "recurrentDropout step zoneout expected",
  ]);
});
