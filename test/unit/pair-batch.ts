/** Ids of three rows for an encoder and their targets, of different lengths. */
export const batch = {
  inputs: [
    [1, 2, 3],
    [0, 1, 0],
    [3, 0, 0],
  ],
  lengths: [3, 2, 1],
  targets: [
    [1, 2, 3, 0],
    [3, 3, 0, 0],
    [2, 0, 0, 0],
  ],
  targetLengths: [4, 2, 1],
};
