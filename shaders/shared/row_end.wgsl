// Which steps a row takes, and where it ends.

fn taken(t: u32, row: u32) -> bool {
#if MASKED
  return mask[t * dims.batch + row] != 0.0;
#else
  return true;
#endif
}

// The step after the last that the row takes; 0 where it takes none.
fn row_end(row: u32) -> u32 {
#if MASKED
  for (var t = dims.time; t > 0u; t--) {
    if (taken(t - 1u, row)) {
      return t;
    }
  }
  return 0u;
#else
  return dims.time;
#endif
}
