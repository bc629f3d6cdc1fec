/**
 * WebGPU's buffer usage bits by name. The specification fixes the numbers; a device handed in by the user may
 * come without the globals `GPUBufferUsage` and `GPUMapMode`.
 */
export const MAP_READ = 0x1;
export const COPY_SRC = 0x4;
export const COPY_DST = 0x8;
export const UNIFORM = 0x40;
export const STORAGE = 0x80;
export const QUERY_RESOLVE = 0x200;
