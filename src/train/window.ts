import type { BatchShape } from "../batch/batch.ts";
import type { Elements, Memory } from "../gpu/memory.ts";
import type { Commands } from "../gpu/queue.ts";
import type { Program } from "../plan/program.ts";
import type { HostTensor, NamedTensors, Storage, Tensor } from "../tensor.ts";
import type { WindowNeeds } from "./needs.ts";
import type { Shaped } from "./shapes.ts";
import type { TrainingPlan } from "./training-plan.ts";
import type { WindowPlan } from "./window-plan.ts";

export { windowTensors } from "./window-plan.ts";

type Chunk = Shaped<TrainingPlan>;

/** A chunk whose forward tensors are saved. */
interface SavedChunk {
  readonly chunk: Chunk;
  readonly slot: number;
}

const NAME = /^window\.(\d+)\./;

/**
 * The latest chunks of streams, so that a loss flows back through more steps than a batch has: truncated backpropagation
 * through time with k1 = T and k2 = T times the number of chunks (Williams & Peng 1990). What each chunk has computed forward
 * is saved as it was, in a ring of slots; the way back takes it from there, with the weights as they are by then.
 */
export interface Window {
  /** Records a training step. @param start whether the rows start anew, so that nothing flows into chunks before */
  encode(encoder: Commands, chunk: Chunk, start: boolean): void;
  /** What belongs to a checkpoint: of the chunks that the next loss flows through, the oldest first. */
  state(): Promise<NamedTensors>;
  /**
   * Takes what {@link state} gave.
   * @param chunkOf the chunk of a shape
   * @throws WebgpuRnnError when there are more chunks, or tensors of another model
   */
  restore(tensors: NamedTensors, chunkOf: (shape: BatchShape) => Chunk): void;
}

/**
 * @param count how many chunks the loss flows through
 * @param largest the chunk of the announced shape, for which memory is reserved
 * @throws WebgpuRnnError when the device has not enough memory
 */
export async function createWindow(
  memory: Memory,
  count: number,
  largest: TrainingPlan,
  { fitting, refuse, sizeOf }: WindowNeeds,
): Promise<Window> {
  /** For each slot, where it keeps what lies in a storage. */
  const slots = Array.from({ length: count }, () => new Map<Storage, Storage>());
  /** The latest one last. */
  let chunks: readonly SavedChunk[] = [];

  const keeps = (slot: number, tensor: Tensor): Tensor => {
    const storages = slots[slot] as Map<Storage, Storage>;
    const { storage } = tensor;
    const kept = storages.get(storage) ?? { ...storage, name: `${storage.name} saved` };
    storages.set(storage, kept);
    return { ...tensor, storage: kept };
  };

  const move = (encoder: Commands, { chunk, slot }: SavedChunk, way: "save" | "restore"): void => {
    for (const tensor of windowOf(chunk.recorded).saved) {
      const [own, kept] = [memory.buffer(tensor.storage), memory.buffer(keeps(slot, tensor).storage)];
      if (way === "save") copy(encoder, own, kept);
      else copy(encoder, kept, own);
    }
  };

  const goBack = (encoder: Commands, saved: SavedChunk, handed: readonly GPUBuffer[]): void => {
    const older = saved.chunk.older as Program;
    const { dstates: states } = windowOf(saved.chunk.recorded);
    const lengthOf = ({ shape }: Tensor): number => sizeOf(shape) * 4;
    move(encoder, saved, "restore");
    older.encodePhase(encoder, "forward"); // what depends on weights and draws alone, and zeros
    states.forEach((state, i) => {
      copy(encoder, handed[i] as GPUBuffer, older.bufferOf(state), lengthOf(state));
    });
    older.encodePhase(encoder, "backward");
    states.forEach((state, i) => {
      copy(encoder, older.bufferOf(state), handed[i] as GPUBuffer, lengthOf(state));
    });
  };

  const { saved } = windowOf(largest);
  const all = slots.flatMap((_, slot) => saved.map((tensor) => keeps(slot, tensor).storage));
  await memory.reserve("createTrainer: window", all);

  return {
    encode(encoder, chunk, start) {
      const { program, recorded } = chunk;
      const before = start ? [] : chunks.slice(1 - count);
      const slot = slots.findIndex((_, i) => before.every((taken) => taken.slot !== i));
      copy(encoder, program.bufferOf(recorded.counters), program.bufferOf(recorded.olderChunks?.drawn as Tensor));
      program.encodePhase(encoder, "forward");
      move(encoder, { chunk, slot }, "save");
      program.encodePhase(encoder, "backward");
      const handed = recorded.dstates.map((tensor) => program.bufferOf(tensor));
      for (const saved of before.toReversed()) goBack(encoder, saved, handed);
      program.encodePhase(encoder, "update");
      chunks = [...before, { chunk, slot }];
    },

    async state() {
      // All are read before anything is awaited: the next step may be submitted meanwhile.
      const read = chunks.slice(1 - count).map(async ({ chunk, slot }, i) => {
        const { batch, time, masked, weighted } = chunk.shape;
        const { saved } = windowOf(chunk.recorded);
        const elements = await memory.read(...saved.map((tensor) => keeps(slot, tensor)));
        const shape = Float32Array.of(batch, time, Number(masked), Number(weighted));
        return [
          [`window.${i}.shape`, host(shape)] as const,
          ...saved.map(({ name }, j) => [`window.${i}.${j}.${name}`, host(toFloats(elements[j] as Elements))] as const),
        ];
      });
      return new Map((await Promise.all(read)).flat());
    },

    restore(tensors, chunkOf) {
      const numbers = [...tensors.keys()].map((name) => Number(NAME.exec(name)?.[1] ?? -1));
      const length = Math.max(...numbers, -1) + 1;
      if (length >= count) {
        const expected = `at most ${count - 1} chunks of a window`;
        const cure = "give the window that it was saved with";
        throw refuse({ what: "training state", expected, got: `${length}`, cure });
      }
      chunks = Array.from({ length }, (_, slot) => {
        const given = (name: string, length: number): Float32Array => {
          const full = `window.${slot}.${name}`;
          return fitting(`training state: "${full}"`, [length], tensors.get(full)).data;
        };
        const [batch, time, masked, weighted] = [...given("shape", 4)] as [number, number, number, number];
        const chunk = chunkOf({ batch, time, masked: masked === 1, weighted: weighted === 1 });
        windowOf(chunk.recorded).saved.forEach((tensor, j) => {
          const { name, type, storage } = tensor;
          const floats = given(`${j}.${name}`, type === "f32" ? storage.length : 2 * storage.length);
          memory.write(keeps(slot, tensor), type === "f32" ? floats : toWords(floats));
        });
        return { chunk, slot };
      });
    },
  };
}

const windowOf = ({ window }: TrainingPlan): WindowPlan => window as WindowPlan;

function copy(encoder: Commands, from: GPUBuffer, to: GPUBuffer, bytes = from.size): void {
  encoder.copyBufferToBuffer(from, 0, to, 0, bytes);
}

const host = (data: Float32Array): HostTensor => ({ shape: [data.length], data });

/** Whole numbers below 2³² as two floats each, which hold them exactly. */
function toFloats(elements: Elements): Float32Array {
  if (elements instanceof Float32Array) return elements;
  return Float32Array.from({ length: 2 * elements.length }, (_, i) => {
    const word = elements[i >> 1] as number;
    return i % 2 === 0 ? word >>> 16 : word & 0xffff;
  });
}

const toWords = (floats: Float32Array): Uint32Array =>
  Uint32Array.from(
    { length: floats.length / 2 },
    (_, i) => (floats[2 * i] as number) * 65_536 + (floats[2 * i + 1] as number),
  );
