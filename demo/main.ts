import { loadModel } from "../src/io/index.ts";
import { beginAnew, beginFrom } from "./begin.ts";
import { Dashboard } from "./dashboard.ts";
import { element, show } from "./elements.ts";
import { download, onFile, readText } from "./files.ts";
import type { Learner } from "./learner.ts";
import { characterModel } from "./model.ts";
import { hideProblem, showAdapter, showNoAdapter, showProblem, showRefused } from "./notices.ts";
import { Session } from "./session.ts";
import { readSettings, writeSettings } from "./settings.ts";
import { Slider } from "./slider.ts";
import { Source } from "./source.ts";
import { builtInTexts } from "./texts.ts";
import { Writing } from "./writing.ts";

const trainButton = element("train", HTMLButtonElement);
const restartButton = element("restart", HTMLButtonElement);
const saveButton = element("save", HTMLButtonElement);
const writeButton = element("write", HTMLButtonElement);

const given = readSettings(location.hash);
const hidden = new Slider("hidden", { choices: [16, 32, 64, 128, 256, 512], value: given.hidden ?? 128 });
const rates = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05];
const rate = new Slider("rate", { choices: rates, value: given.rate ?? 0.005 });
const source = new Source(settingsChanged);
const writing = new Writing(given.temperature ?? 0.7, settingsChanged);
const dashboard = new Dashboard();

const session = new Session({
  event(event) {
    dashboard.event(event);
    if (event.kind === "step" && session.learner) void writing.writeWhenDue(session.learner).catch(showProblem);
    if (event.kind === "refused") showRefused(event.step);
  },
  speed: (tokensPerSecond) => dashboard.speed(tokensPerSecond),
  changed: update,
  failed: showProblem,
});

/** What is asked for runs one after the other, so that no two of them meet in the middle of a step. */
let working = Promise.resolve();
let waiting = 0;

/** Whether there is a device to train on. */
let usable = false;

function perform(work: () => Promise<void>): void {
  waiting += 1;
  update();
  working = working
    .then(() => {
      if (usable) hideProblem();
    })
    .then(work)
    .catch(showProblem)
    .finally(() => {
      waiting -= 1;
      update();
    });
}

async function replace(learner: Learner): Promise<void> {
  await session.replace(learner);
  dashboard.clear();
  writing.clear();
}

async function create(): Promise<void> {
  await session.pause();
  await replace(await beginAnew(await session.gpu(), source.text, hidden.value, rate.value));
}

async function goOn(): Promise<void> {
  if (!session.learner) await create();
  const learner = session.learner as Learner;
  await learner.read(source.text);
  dashboard.begin(learner.frequencyLoss);
  session.start();
}

async function open(file: File): Promise<void> {
  if (!file.name.endsWith(".safetensors")) return source.open(await readText(file));
  const learner = await beginFrom(await session.gpu(), await loadModel(file), rate.value);
  await replace(learner);
  void writing.write(learner).catch(showProblem);
}

const save = (learner: Learner): Promise<void> =>
  learner.save().then((bytes) => download(`${source.id}-${learner.steps}.safetensors`, bytes));

element("controls", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  perform(() => (session.training ? session.pause() : goOn()));
});
restartButton.addEventListener("click", () => perform(() => create().then(goOn)));
saveButton.addEventListener("click", () => perform(() => session.between(save)));
element("writing", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  if (session.learner) void writing.write(session.learner).catch(showProblem);
});
onFile((file) => perform(() => open(file)));
hidden.on("input", update);
hidden.on("change", settingsChanged);
rate.on("change", () => {
  settingsChanged();
  if (session.learner) perform(() => session.between((learner) => learner.setRate(rate.value)));
});
element("texts", HTMLSelectElement).addEventListener("change", () => {
  writing.prompt = builtInTexts.find(({ id }) => id === source.id)?.prompt ?? "";
});

function settingsChanged(): void {
  const settings = { text: source.id, hidden: hidden.value, rate: rate.value };
  const { temperature, prompt } = writing;
  history.replaceState(null, "", writeSettings({ ...settings, temperature, prompt }));
  update();
}

/** Brings buttons and notes in line with what is there. */
function update(): void {
  const { learner, training } = session;
  show(trainButton, training ? "Pause" : learner ? "Go on" : "Train");
  trainButton.disabled = !usable;
  for (const button of [restartButton, saveButton, writeButton]) button.disabled = !learner;
  const rested = learner ? `Paused at step ${learner.steps.toLocaleString("en")}.` : "";
  const doing = waiting > 0 ? "One moment…" : training ? "Training." : rested;
  const changed = learner?.reads(source.text) === false ? " The text has changed: restart to begin with it." : "";
  show(element("status", HTMLElement), doing + changed);
  const next = characterModel(source.different || 1, hidden.value);
  const differs = learner && String(learner.model) !== String(next);
  const now = learner ? `${learner.model.size.toLocaleString("en")} parameters` : "";
  const coming = `${next.size.toLocaleString("en")} parameters`;
  show(element("model-facts", HTMLElement), differs ? `${now}; from the next restart ${coming}.` : `${coming}.`);
}

writing.prompt = given.prompt ?? builtInTexts[0]?.prompt ?? "";
perform(() => source.choose(given.text ?? builtInTexts[0]?.id ?? ""));
perform(async () => {
  try {
    const gpu = await session.gpu();
    if (gpu.adapter.software && given.hidden === undefined) hidden.value = 64;
    showAdapter(gpu);
    usable = true;
  } catch (error) {
    showNoAdapter(error);
  }
});
