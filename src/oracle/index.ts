export { checkGradients, type GradientReport, type GradientRow } from "../run/check-gradients.ts";
export { type SelfTestRow, selfTest } from "./self-test.ts";
