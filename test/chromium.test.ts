import { launchBrowser } from "./browser.ts";
import { testInBrowser } from "./in-browser.ts";

testInBrowser(launchBrowser);
