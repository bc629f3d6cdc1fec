import { testInBrowser } from "../in-browser.ts";
import { launchFirefox } from "./firefox.ts";

testInBrowser(launchFirefox);
