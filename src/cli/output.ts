import { extname } from "node:path";
import { checkWritable } from "./files.ts";
import { misuse } from "./usage-error.ts";

/** Where a run leaves what it made. */
export interface Output {
  readonly checkpoint: string;
  /** The learning curve, an SVG beside the checkpoint. */
  readonly curve: string;
}

/** @throws WebgpuRnnError when one of the two cannot be written */
export async function prepareOutput(checkpoint: string): Promise<Output> {
  const extension = extname(checkpoint);
  if (extension.toLowerCase() === ".svg") {
    const expected = "a checkpoint's path, the learning curve takes the same name with .svg";
    throw misuse({ what: "--out", expected, got: checkpoint });
  }
  const curve = `${checkpoint.slice(0, checkpoint.length - extension.length)}.svg`;
  await checkWritable(checkpoint);
  await checkWritable(curve);
  return { checkpoint, curve };
}
