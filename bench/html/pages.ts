import { growthPage } from "./growth.ts";
import { kernelsPage } from "./kernels.ts";
import { ownPage } from "./own.ts";
import { stepsPage } from "./steps.ts";

/** How a result of ours is shown, by the word that measures it. */
export const PAGES = { own: ownPage, kernels: kernelsPage, steps: stepsPage, growth: growthPage } as const;
