import type { DimsField } from "./shader.ts";

/** Lays the values of a dispatch out as its shader's `Dims` wants them: four bytes a field, in order. */
export function packDims(
  fields: readonly DimsField[],
  values: Readonly<Record<string, number>>,
  label: string,
): ArrayBuffer {
  const unknown = Object.keys(values).find((name) => !fields.some((field) => field.name === name));
  if (unknown) throw new Error(`internal: ${label} has no dims.${unknown}`);
  const bytes = new DataView(new ArrayBuffer(Math.max(4, fields.length * 4)));
  fields.forEach(({ name, type }, i) => {
    const value = values[name];
    if (value === undefined) throw new Error(`internal: ${label} is not given dims.${name}`);
    if (type === "f32") bytes.setFloat32(i * 4, value, true);
    else bytes.setUint32(i * 4, value, true);
  });
  return bytes.buffer;
}
