// What an operand adds to the sums of a quad of rows. ONE_ROW: there is but one; the others, which are dropped, stay.

fn add_outer(sum: Quad, weight: Gates, operand: vec4f) -> Quad {
#if ONE_ROW
  return Quad(sum[0] + weight * operand.x, sum[1], sum[2], sum[3]);
#else
  return Quad(
    sum[0] + weight * operand.x,
    sum[1] + weight * operand.y,
    sum[2] + weight * operand.z,
    sum[3] + weight * operand.w,
  );
#endif
}
