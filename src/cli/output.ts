import { extname } from "node:path";
import { checkWritable, sameFile } from "../node/files.ts";
import { misuse } from "./usage-error.ts";

/** Where a run leaves what it made. */
export interface Output {
  readonly checkpoint: string;
  /** The learning curve, an SVG beside the checkpoint. */
  readonly curve: string;
}

/**
 * @param text file to learn from, which must not be written over
 * @throws WebgpuRnnError when one of the two cannot be written
 */
export async function prepareOutput(checkpoint: string, text: string | undefined): Promise<Output> {
  const extension = extname(checkpoint);
  if (extension.toLowerCase() === ".svg") {
    const expected = "a checkpoint's path, the learning curve takes the same name with .svg";
    throw misuse({ what: "--out", expected, got: checkpoint });
  }
  const curve = `${checkpoint.slice(0, checkpoint.length - extension.length)}.svg`;
  for (const path of [checkpoint, curve]) {
    if (text !== undefined && (await sameFile(path, text))) {
      throw misuse({ what: "--out", expected: `a path other than the text's, ${text}`, got: checkpoint });
    }
    await checkWritable(path);
  }
  return { checkpoint, curve };
}
