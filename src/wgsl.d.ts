declare module "*.wgsl?raw" {
  const source: string;
  export default source;
}

declare module "*.txt?raw" {
  const text: string;
  export default text;
}

/** Version 1.0.1 ships no declarations and names no entry point, so it is imported by the path of its file. */
declare module "wgsl-preprocessor/wgsl-preprocessor.js" {
  /** Tag function: each `#if` is followed by a value that says whether its branch stays; other values are spliced in. */
  export function wgsl(strings: TemplateStringsArray | readonly string[], ...values: unknown[]): string;
}
