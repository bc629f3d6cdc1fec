import { type Suite, suite } from "./suite.ts";

declare global {
  interface Window {
    suite: Suite;
  }
}

window.suite = suite;
