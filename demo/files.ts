import { WebgpuRnnError } from "../src/index.ts";
import { element } from "./elements.ts";

/** Calls back with files from the button or dropped anywhere on the page. */
export function onFile(listener: (file: File) => void): void {
  const input = element("file", HTMLInputElement);
  element("open", HTMLButtonElement).addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    input.value = "";
    if (file) listener(file);
  });
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.dataset.dropping = "";
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) delete document.body.dataset.dropping;
  });
  document.addEventListener("drop", (event) => {
    delete document.body.dataset.dropping;
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    listener(file);
  });
}

/** @throws WebgpuRnnError when the file is empty or no UTF-8 text */
export async function readText(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  if (bytes.byteLength === 0) throw new WebgpuRnnError(`${file.name} is empty.`);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {
    // Not UTF-8: refused below, like a text with NUL.
  }
  throw new WebgpuRnnError(`${file.name} is no UTF-8 text.`);
}

/** Hands bytes to the reader as a file. */
export function download(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}
