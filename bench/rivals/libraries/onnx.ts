import * as ort from "onnxruntime-web/webgpu";
import { type Library, likeliest, type Work } from "../library.ts";
import { onnxModel } from "../onnx-model.ts";
import type { Given, Workload } from "../workloads.ts";

/** ONNX Runtime Web, which does not train. On WebGPU the states of sampling stay on the device. */
export const library: Library = {
  async prepare(workload, given, backend) {
    const states = Array.from({ length: workload.layers }, (_, layer) => [`h${layer}`, `c${layer}`]).flat();
    const resident = Object.fromEntries(states.map((name) => [`${name}_next`, "gpu-buffer" as const]));
    const session = await ort.InferenceSession.create(onnxModel(workload, given), {
      executionProviders: [backend],
      ...(backend === "webgpu" && workload.kind === "sampling" ? { preferredOutputLocation: resident } : {}),
    });
    return workload.kind === "sampling"
      ? sampling(session, states, workload, given)
      : inference(session, workload, given);
  },
};

function sampling(session: ort.InferenceSession, names: string[], { time, hidden }: Workload, { inputs }: Given): Work {
  const zeros = () => new ort.Tensor("float32", new Float32Array(hidden), [1, 1, hidden]);
  return async () => {
    const drawn: number[] = [];
    let states = names.map(zeros);
    let id = inputs[0] as number;
    while (drawn.length < time) {
      const feeds = { x: new ort.Tensor("int64", BigInt64Array.of(BigInt(id)), [1, 1]) };
      const results = await session.run({
        ...feeds,
        ...Object.fromEntries(names.map((name, i) => [name, states[i]])),
      } as ort.InferenceSession.FeedsType);
      for (const state of states) state.dispose();
      states = names.map((name) => results[`${name}_next`] as ort.TypedTensor<"float32">);
      id = likeliest(results.logits?.data as Float32Array);
      drawn.push(id);
    }
    for (const state of states) state.dispose();
    return drawn;
  };
}

function inference(
  session: ort.InferenceSession,
  { time, batch, features, layers }: Workload,
  { inputs }: Given,
): Work {
  const x = new ort.Tensor("float32", inputs as Float32Array, [time, batch, features]);
  return async () => (await session.run({ x }))[`y${layers - 1}`]?.data as Float32Array;
}
