// A sum of squares that float32 could not hold is kept as two: of ordinary numbers, and of huge ones shrunk by 2^-80. With
// these bounds neither overflows, however large the numbers are, until 2^30 of them are added.

const HUGE = 0x1p40;
const SHRINK = 0x1p-80;
