/**
 * Counter-based random bits, the same in TypeScript and in `shaders/shared/random.wgsl`: Threefry-2x32 with 20 rounds
 * (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 */

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];

/** 64 random bits for a counter of 64 bits, a different stream for each key of 64 bits. */
export function threefry(key0: number, key1: number, counter0: number, counter1: number): [number, number] {
  const keys = [key0, key1, 0x1bd11bda ^ key0 ^ key1];
  let x = (counter0 + key0) | 0;
  let y = (counter1 + key1) | 0;
  for (let round = 0; round < 20; round++) {
    const bits = ROTATIONS[round % 8] as number;
    x = (x + y) | 0;
    y = ((y << bits) | (y >>> (32 - bits))) ^ x;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x = (x + (keys[injection % 3] as number)) | 0;
      y = (y + (keys[(injection + 1) % 3] as number) + injection) | 0;
    }
  }
  return [x >>> 0, y >>> 0];
}

/** A number in [0, 1) on multiples of 2⁻²⁴ from 32 random bits; exact in float32. */
export const uniformFrom = (bits: number): number => (bits >>> 8) * 2 ** -24;
