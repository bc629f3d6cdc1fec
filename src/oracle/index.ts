export { type SelfTestRow, selfTest } from "./self-test.ts";
