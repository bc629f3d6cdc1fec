import { expect, test } from "vitest";
import { rivalsPage } from "../../bench/rivals/html.ts";
import { match } from "../../bench/rivals/match.ts";
import { rivalsOf } from "../../bench/rivals/names.ts";
import { heldAgainst, rivalsTable } from "../../bench/rivals/report.ts";
import type { Done, Seat } from "../../bench/rivals/seat.ts";
import { small, WORKLOADS, type Workload } from "../../bench/rivals/workloads.ts";

const [training, sampling, inference] = WORKLOADS.map(small) as [Workload, Workload, Workload];

/** A contestant whose runs give what they are told to; the last one again and again. */
function seat(log: string[], name: string, runs: (Partial<Done> | Error)[]): { rival: string; seat: Seat } {
  let played = 0;
  const play = async (): Promise<Done> => {
    log.push(name);
    const done = runs[Math.min(played++, runs.length - 1)] as Partial<Done> | Error;
    if (done instanceof Error) throw done;
    return { milliseconds: 1, results: [4], ...done };
  };
  const close = async (): Promise<void> => void log.push(`${name} closed`);
  return { rival: name, seat: { prepare: async () => 100, run: play, close } };
}

const options = { rounds: 3, budgetMs: 1000 };

test("what agrees is timed in turns, after all have been compared", async () => {
  const log: string[] = [];
  const times = [9, 2, 7, 1].map((milliseconds) => ({ milliseconds, results: [3, 1] }));
  const { rows, referenced } = await match(
    sampling,
    [seat(log, "a", times), seat(log, "b", [{ results: [3, 1] }])],
    options,
  );
  const [a, b] = rows;
  expect(heldAgainst({ rows, referenced })).toBe("the first that ran");
  expect(log).toEqual(["a", "b", "a", "b", "a", "b", "a", "b", "a closed", "b closed"]);
  expect(a).toMatchObject({ milliseconds: 2, samples: [2, 7, 1], firstMilliseconds: 109 });
  expect(a).not.toHaveProperty("difference");
  expect(b).toMatchObject({ milliseconds: 1, samples: [1, 1, 1], difference: 0 });
});

test("what runs alone is held against nothing, and must give numbers nevertheless", async () => {
  const nobody = { rival: "nobody", seat: "unknown" };
  const alone = await match(sampling, [seat([], "a", [{}]), nobody], options);
  expect(heldAgainst(alone)).toBe("nothing");
  expect(alone.rows[0]).toMatchObject({ samples: [1, 1, 1] });
  expect(alone.rows[0]).not.toHaveProperty("difference");
  const { rows } = await match(inference, [seat([], "a", [{ results: [Number.NaN] }])], options);
  expect(rows[0]?.failure).toBe("disagrees: differs by NaN, above 0.00002");
});

test("who has used up the time sits out the rounds that are left", async () => {
  const slow = seat([], "slow", [{ milliseconds: 600 }]);
  const { rows } = await match(sampling, [slow, seat([], "quick", [{}])], options);
  expect(rows.map(({ samples }) => samples.length)).toEqual([2, 3]);
});

test("losses are compared step by step with the reference's, which is not timed", async () => {
  const log: string[] = [];
  const losses = [4, 3, 2].map((loss) => ({ results: [loss] }));
  const wrong = [4, 3, 2.001].map((loss) => ({ results: [loss] }));
  const near = [4, 3, 2.00001].map((loss) => ({ results: [loss] }));
  const contestants = [seat(log, "wrong", wrong), seat(log, "near", near)];
  const { rows, referenced } = await match(training, contestants, options, seat(log, "reference", losses).seat);
  expect(heldAgainst({ rows, referenced })).toBe("PyTorch in float64");
  expect(rows[0]).toMatchObject({
    workload: training.name,
    rival: "wrong",
    samples: [],
    firstMilliseconds: 101,
    difference: expect.closeTo(5e-4, 6),
    failure: "disagrees: differs by 0.00050, above 0.00001",
  });
  expect(rows[1]).toMatchObject({ difference: expect.closeTo(5e-6, 8), samples: [1, 1, 1] });
  expect(log.slice(0, 4)).toEqual(["reference", "reference", "reference", "reference closed"]);
  expect(log.filter((each) => each === "reference")).toHaveLength(3);
});

test("outputs that are no numbers, too few, or other ids are no agreement", async () => {
  const results = [[0.5, Number.NaN], [0.5]];
  for (const given of results) {
    const contestants = [seat([], "a", [{ results: [0.5, 0.25] }]), seat([], "b", [{ results: given }])];
    expect((await match(inference, contestants, options)).rows[1]?.failure).toBe(
      "disagrees: differs by NaN, above 0.00002",
    );
  }
  const contestants = [seat([], "a", [{ results: [1, 2, 3] }]), seat([], "b", [{ results: [1, 3, 2] }])];
  expect((await match(sampling, contestants, options)).rows[1]?.failure).toBe("disagrees: differs by 2.0, above 0");
});

test("what fails says so in its row, and the rest goes on", async () => {
  const log: string[] = [];
  const later = seat(log, "later", [{}, { milliseconds: 5 }, new Error("lost\nstack")]);
  const contestants = [
    { rival: "nobody", seat: "unknown" },
    seat(log, "first", [new Error("no adapter")]),
    later,
    seat(log, "fine", [{}]),
  ];
  const broken = seat(log, "reference", [new Error("no memory")]).seat;
  const { rows, referenced } = await match(sampling, contestants, options, broken);
  expect(referenced).toBe(false);
  expect(rows.map(({ failure }) => failure)).toEqual([
    "unknown",
    "failed: no adapter",
    "failed when timed: lost",
    undefined,
  ]);
  expect(rows[2]?.samples).toEqual([5]);
  expect(rows[3]?.samples).toHaveLength(3);
  expect(log).toContain("first closed");
});

test("a row tells the ratio to ours and what was asked of WebGPU", () => {
  const calls = { dispatches: 31, submits: 1, buffers: 0, bindGroups: 0, pipelines: 0, bytesWritten: 0, readBacks: 1 };
  const rows = [
    { workload: "w", rival: "webgpu-rnn", milliseconds: 3, samples: [2, 3, 4], difference: 0, calls },
    { workload: "w", rival: "jax-wasm", milliseconds: 7.5, firstMilliseconds: 80, samples: [7.5], difference: 1.26e-7 },
    { workload: "w", rival: "nobody", samples: [], failure: "unknown" },
  ];
  const [head, lines] = rivalsTable(rows);
  expect(head.slice(1, 7)).toEqual(["ms", "× ours", "least ms", "ms to first", "runs", "difference"]);
  expect(lines).toEqual([
    ["webgpu-rnn", "3", "1", "2", "–", "3", "0.0e+0", "31", "1", "0", "0", "1", ""],
    ["jax-wasm", "7.5", "2.5", "7.5", "80", "1", "1.3e-7", "–", "–", "–", "–", "–", ""],
    ["nobody", "–", "–", "–", "–", "–", "–", "–", "–", "–", "–", "–", "unknown"],
  ]);
});

test("the page of a result has a bar for what was timed, and says why the rest was not", () => {
  const row = { workload: sampling.name, samples: [] };
  const calls = { dispatches: 31, submits: 1, buffers: 0, bindGroups: 0, pipelines: 0, bytesWritten: 0, readBacks: 1 };
  const rows = [
    { ...row, rival: "webgpu-rnn", milliseconds: 1, calls },
    { ...row, rival: "jax-wasm", milliseconds: 4 },
    { ...row, rival: "nobody", failure: "a < b" },
  ];
  const result = { adapter: "some gpu", versions: { browser: "Some/1" }, loadBefore: 0.5, workloads: [sampling], rows };
  const page = rivalsPage({ ...result, failures: ["nobody: a < b"], date: "2026-01-01T09:30:00Z", commit: "abc" });
  expect(page.match(/<i style="width: [\d.]+%/g)).toEqual(
    ["33.3%", "100.0%", "0.0%"].map((width) => `<i style="width: ${width}`),
  );
  expect(page).toContain("some gpu · load before 0.5 · browser Some/1 · commit abc · 2026-01-01 09:30 UTC");
  expect(page).toContain('<td class="words">a &lt; b');
  expect(page).toContain("<li>nobody: a &lt; b");
});

test("rivals are chosen by name, and of an unknown name is said which are known", () => {
  expect(rivalsOf("pytorch,jax-wasm")).toMatchObject({
    rivals: [{ name: "webgpu-rnn" }, { name: "jax-wasm" }, { name: "pytorch" }],
    unknown: [],
  });
  for (const [words, got] of [
    ["jax-wasm,toString", "toString"],
    ["jax-wasm,", "an empty name"],
  ] as const) {
    const { unknown } = rivalsOf(words);
    expect(unknown).toHaveLength(1);
    expect(unknown[0]).toMatch(/^--only: expected some of webgpu-rnn, tfjs-webgpu, .*, pytorch, got/);
    expect(unknown[0]).toContain(`, got ${got}.`);
  }
  expect(() => rivalsOf("banana,kiwi")).toThrow(/^--only: .* got banana\.$/);
  expect(() => rivalsOf("")).toThrow(/^--only: .* got an empty name\.$/);
});
