/**
 * Makes the rows of a matrix orthonormal, or its columns where there are more rows (Saxe et al. 2014): the Q of its QR
 * decomposition with a positive diagonal of R, as `torch.nn.init.orthogonal_`.
 * @param matrix row-major [rows, columns], of full rank
 */
export function orthogonal(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const tall = rows >= columns;
  const [count, length] = tall ? [columns, rows] : [rows, columns];
  const place = (vector: number, i: number): number => (tall ? i * columns + vector : vector * columns + i);
  const vectors: Float64Array[] = [];
  for (let v = 0; v < count; v++) {
    const vector = Float64Array.from({ length }, (_, i) => matrix[place(v, i)] as number);
    // What the first pass leaves of the others by rounding, the second takes away.
    for (let pass = 0; pass < 2; pass++) for (const other of vectors) subtract(vector, other, dot(vector, other));
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((value) => value / norm));
  }
  const result = new Float64Array(rows * columns);
  vectors.forEach((vector, v) => {
    vector.forEach((value, i) => {
      result[place(v, i)] = value;
    });
  });
  return result;
}

function subtract(from: Float64Array, other: Float64Array, share: number): void {
  for (let i = 0; i < from.length; i++) from[i] = (from[i] as number) - share * (other[i] as number);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
