import type { HostTensor } from "../../src/tensor.ts";
import { type Given, recurrentPrefix, type Workload } from "./workloads.ts";

/** ONNX Runtime Web 1.30 has no LSTM of opset 22 on WebGPU, and plays one on the CPU without a word. */
const [OPSET, IR_VERSION, FLOAT, INT64] = [17, 8, 1, 7];

/** An embedding, LSTM layers and a linear layer, or the LSTM layers alone, as ONNX keeps them (onnx.proto). */
export function onnxModel(workload: Workload, { weights }: Given): Uint8Array {
  const { kind, features, hidden, layers, vocabulary } = workload;
  const get = (name: string): HostTensor => weights.get(name) as HostTensor;
  const [nodes, constants]: [Bytes[], Bytes[]] = [[], []];
  const states = Array.from({ length: layers }, (_, l) => [`h${l}`, `c${l}`]).flat();
  const add = (name: string, shape: readonly number[], data: Elements): string => {
    constants.push(constant(name, shape, data));
    return name;
  };
  let x = "x";
  if (kind === "sampling") {
    const { shape, data } = get("0.weight");
    nodes.push(node("Gather", [add("E", shape, data as Float32Array), "x"], ["embedded"]));
    x = "embedded";
  }
  for (let layer = 0; layer < layers; layer++) {
    const inputs = layer === 0 ? features : hidden;
    const [W, R, b, c] = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map((name) =>
      gatesReordered(get(`${recurrentPrefix(workload)}${name}_l${layer}`).data as Float32Array),
    ) as [Float32Array, Float32Array, Float32Array, Float32Array];
    const given = [
      x,
      add(`W${layer}`, [1, 4 * hidden, inputs], W),
      add(`R${layer}`, [1, 4 * hidden, hidden], R),
      add(`B${layer}`, [1, 8 * hidden], Float32Array.of(...b, ...c)),
      "",
      ...(kind === "sampling" ? [`h${layer}`, `c${layer}`] : []),
    ];
    const outputs = [`Y${layer}`, `h${layer}_next`, `c${layer}_next`];
    nodes.push(node("LSTM", given, outputs, integer("hidden_size", hidden)));
    nodes.push(node("Squeeze", [outputs[0] as string, add(`axis${layer}`, [1], BigInt64Array.of(1n))], [`y${layer}`]));
    x = `y${layer}`;
  }
  if (kind === "inference") return file(nodes, constants, [["x", FLOAT]], [x]);
  const { data } = get("2.weight");
  const transposed = Float32Array.from(
    data,
    (_, i) => data[(i % vocabulary) * hidden + Math.floor(i / vocabulary)] ?? 0,
  );
  nodes.push(node("MatMul", [x, add("V", [hidden, vocabulary], transposed)], ["products"]));
  nodes.push(node("Add", ["products", add("b", [vocabulary], get("2.bias").data as Float32Array)], ["logits"]));
  const inputs = [["x", INT64], ...states.map((name) => [name, FLOAT])] as [string, number][];
  return file(nodes, constants, inputs, ["logits", ...states.map((name) => `${name}_next`)]);
}

/** Blocks of PyTorch's order i f g o in ONNX's, i o f c. */
function gatesReordered(rows: Float32Array): Float32Array {
  const size = rows.length / 4;
  const reordered = new Float32Array(rows.length);
  [0, 3, 1, 2].forEach((from, to) => {
    reordered.set(rows.subarray(from * size, (from + 1) * size), to * size);
  });
  return reordered;
}

type Bytes = readonly number[];
type Elements = Float32Array | BigInt64Array;

// Protocol buffers, as far as onnx.proto is needed: varints, strings and messages by length.
const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
const number = (field: number, value: number): Bytes => [...varint(8 * field), ...varint(value)];
const message = (field: number, bytes: ArrayLike<number>): Bytes => [
  ...varint(8 * field + 2),
  ...varint(bytes.length),
  ...Array.from(bytes),
];
const string = (field: number, value: string): Bytes => message(field, new TextEncoder().encode(value));

/** AttributeProto: name 1, i 3, type 20, of which 2 is an integer. */
const integer = (name: string, value: number): Bytes => [...string(1, name), ...number(3, value), ...number(20, 2)];

/** NodeProto: input 1, output 2, op_type 4, attribute 5. */
const node = (operator: string, inputs: readonly string[], outputs: readonly string[], attribute?: Bytes): Bytes => [
  ...inputs.flatMap((name) => string(1, name)),
  ...outputs.flatMap((name) => string(2, name)),
  ...string(4, operator),
  ...(attribute ? message(5, attribute) : []),
];

/** TensorProto: dims 1, data_type 2, name 8, raw_data 9. */
const constant = (name: string, shape: readonly number[], data: Elements): Bytes => [
  ...shape.flatMap((length) => number(1, length)),
  ...number(2, data instanceof Float32Array ? FLOAT : INT64),
  ...string(8, name),
  ...message(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
];

/** ValueInfoProto of a tensor of any shape. */
const valueInfo = (name: string, type: number): Bytes => [
  ...string(1, name),
  ...message(2, message(1, number(1, type))),
];

/** ModelProto around a GraphProto: node 1, name 2, initializer 5, input 11, output 12. */
function file(
  nodes: readonly Bytes[],
  constants: readonly Bytes[],
  inputs: readonly (readonly [string, number])[],
  outputs: readonly string[],
): Uint8Array {
  const graph = [
    ...nodes.flatMap((each) => message(1, each)),
    ...string(2, "rival"),
    ...constants.flatMap((each) => message(5, each)),
    ...inputs.flatMap(([name, type]) => message(11, valueInfo(name, type))),
    ...outputs.flatMap((name) => message(12, valueInfo(name, FLOAT))),
  ];
  return Uint8Array.from([...number(1, IR_VERSION), ...message(7, graph), ...message(8, number(2, OPSET))]);
}
