import type { BatchShape } from "../batch/batch.ts";
import { refuse } from "../errors.ts";
import type { Elements, Memory } from "../gpu/memory.ts";
import type { Commands } from "../gpu/queue.ts";
import { fitting } from "../nn/parameters.ts";
import type { Program } from "../plan/program.ts";
import { type HostTensor, type NamedTensors, type Storage, sizeOf, type Tensor } from "../tensor.ts";
import type { Shaped } from "./shapes.ts";
import type { TrainingPlan } from "./training-plan.ts";
import type { WindowPlan } from "./window-plan.ts";

type Chunk = Shaped<TrainingPlan>;

/** A chunk whose forward tensors are saved. */
interface SavedChunk {
  readonly chunk: Chunk;
  readonly slot: number;
}

const NAME = /^window\.(\d+)\./;

/**
 * The latest chunks of streams, so that a loss flows back through more steps than a batch has: truncated backpropagation
 * through time with k1 = T and k2 = T times `chunks` (Williams & Peng 1990). What each chunk has computed forward is saved
 * as it was, in a ring of slots; the way back takes it from there, with the weights as they are by then.
 */
export class Window {
  readonly #memory: Memory;
  readonly #chunks: number;
  /** For each slot, where it keeps what lies in a storage. */
  readonly #slots: readonly Map<Storage, Storage>[];
  /** The latest one last. */
  #saved: readonly SavedChunk[] = [];

  /**
   * @param chunks how many the loss flows through
   * @param largest the chunk of the announced shape, for which memory is reserved
   * @throws WebgpuRnnError when the device has not enough memory
   */
  static async create(memory: Memory, chunks: number, largest: TrainingPlan): Promise<Window> {
    const window = new Window(memory, chunks);
    const { saved } = windowOf(largest);
    const all = window.#slots.flatMap((_, slot) => saved.map((tensor) => window.#keeps(slot, tensor).storage));
    await memory.reserve("createTrainer: window", all);
    return window;
  }

  private constructor(memory: Memory, chunks: number) {
    this.#memory = memory;
    this.#chunks = chunks;
    this.#slots = Array.from({ length: chunks }, () => new Map<Storage, Storage>());
  }

  /** Records a training step. @param start whether the rows start anew, so that nothing flows into chunks before */
  encode(encoder: Commands, chunk: Chunk, start: boolean): void {
    const { program, recorded } = chunk;
    const before = start ? [] : this.#saved.slice(1 - this.#chunks);
    const slot = this.#free(before);
    copy(encoder, program.bufferOf(recorded.counters), program.bufferOf(recorded.olderChunks?.drawn as Tensor));
    program.encodePhase(encoder, "forward");
    this.#move(encoder, { chunk, slot }, "save");
    program.encodePhase(encoder, "backward");
    const handed = recorded.dstates.map((tensor) => program.bufferOf(tensor));
    for (const saved of before.toReversed()) this.#goBack(encoder, saved, handed);
    program.encodePhase(encoder, "update");
    this.#saved = [...before, { chunk, slot }];
  }

  /** What belongs to a checkpoint: of the chunks that the next loss flows through, the oldest first. */
  async state(): Promise<NamedTensors> {
    // All are read before anything is awaited: the next step may be submitted meanwhile.
    const chunks = this.#saved.slice(1 - this.#chunks).map(async ({ chunk, slot }, i) => {
      const { batch, time, masked, weighted } = chunk.shape;
      const { saved } = windowOf(chunk.recorded);
      const read = await this.#memory.read(...saved.map((tensor) => this.#keeps(slot, tensor)));
      const shape = Float32Array.of(batch, time, Number(masked), Number(weighted));
      return [
        [`window.${i}.shape`, host(shape)] as const,
        ...saved.map(({ name }, j) => [`window.${i}.${j}.${name}`, host(toFloats(read[j] as Elements))] as const),
      ];
    });
    return new Map((await Promise.all(chunks)).flat());
  }

  /**
   * Takes what {@link state} gave.
   * @param chunkOf the chunk of a shape
   * @throws WebgpuRnnError when there are more chunks, or tensors of another model
   */
  restore(tensors: NamedTensors, chunkOf: (shape: BatchShape) => Chunk): void {
    const numbers = [...tensors.keys()].map((name) => Number(NAME.exec(name)?.[1] ?? -1));
    const count = Math.max(...numbers, -1) + 1;
    if (count >= this.#chunks) {
      const expected = `at most ${this.#chunks - 1} chunks of a window`;
      throw refuse({
        what: "training state",
        expected,
        got: `${count}`,
        cure: "give the window that it was saved with",
      });
    }
    this.#saved = Array.from({ length: count }, (_, slot) => {
      const given = (name: string, length: number): Float32Array => {
        const full = `window.${slot}.${name}`;
        return fitting(`training state: "${full}"`, [length], tensors.get(full)).data;
      };
      const [batch, time, masked, weighted] = [...given("shape", 4)] as [number, number, number, number];
      const chunk = chunkOf({ batch, time, masked: masked === 1, weighted: weighted === 1 });
      windowOf(chunk.recorded).saved.forEach((tensor, j) => {
        const { name, type, storage } = tensor;
        const floats = given(`${j}.${name}`, type === "f32" ? storage.length : 2 * storage.length);
        this.#memory.write(this.#keeps(slot, tensor), type === "f32" ? floats : toWords(floats));
      });
      return { chunk, slot };
    });
  }

  #goBack(encoder: Commands, saved: SavedChunk, handed: readonly GPUBuffer[]): void {
    const older = saved.chunk.older as Program;
    const { dstates: states } = windowOf(saved.chunk.recorded);
    this.#move(encoder, saved, "restore");
    older.encodePhase(encoder, "forward"); // what depends on weights and draws alone, and zeros
    states.forEach((state, i) => {
      copy(encoder, handed[i] as GPUBuffer, older.bufferOf(state), state);
    });
    older.encodePhase(encoder, "backward");
    states.forEach((state, i) => {
      copy(encoder, older.bufferOf(state), handed[i] as GPUBuffer, state);
    });
  }

  #move(encoder: Commands, { chunk, slot }: SavedChunk, way: "save" | "restore"): void {
    for (const tensor of windowOf(chunk.recorded).saved) {
      const [own, kept] = [this.#memory.buffer(tensor.storage), this.#memory.buffer(this.#keeps(slot, tensor).storage)];
      if (way === "save") copy(encoder, own, kept);
      else copy(encoder, kept, own);
    }
  }

  #free(taken: readonly SavedChunk[]): number {
    return this.#slots.findIndex((_, i) => taken.every(({ slot }) => slot !== i));
  }

  #keeps(slot: number, tensor: Tensor): Tensor {
    const slots = this.#slots[slot] as Map<Storage, Storage>;
    const { storage } = tensor;
    const kept = slots.get(storage) ?? { ...storage, name: `${storage.name} saved` };
    slots.set(storage, kept);
    return { ...tensor, storage: kept };
  }
}

const windowOf = ({ window }: TrainingPlan): WindowPlan => window as WindowPlan;

/** Copies a whole buffer, or as much as a tensor takes. */
function copy(encoder: Commands, from: GPUBuffer, to: GPUBuffer, tensor?: Tensor): void {
  encoder.copyBufferToBuffer(from, 0, to, 0, tensor ? sizeOf(tensor.shape) * 4 : from.size);
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
