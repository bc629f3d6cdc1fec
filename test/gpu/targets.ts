/** What a GPU grants at least. */
export const HARDWARE = { software: false, storage: 16_384, invocations: 256 };

/** So little workgroup memory that no product is split, but operands of some 20 units are staged. */
export const LITTLE_STORAGE = { ...HARDWARE, storage: 2048 };

/** So few invocations that those of 36 units have more weights than they can keep. */
export const FEW_INVOCATIONS = { ...HARDWARE, invocations: 100 };

/** What tiles must be. */
export const STAGED = ["STAGED"];
export const SPLIT = ["SPLIT_K"];
export const STATIONARY = ["SPLIT_K", "STATIONARY"];
