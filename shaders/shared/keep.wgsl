// The one rule by which a step leaves old states in place: rows that the mask leaves out, and units that zoneout holds
// (Krueger et al. 2017). A share of 1 takes the new state, 0 keeps the old one; between them lies zoneout's expectation.

fn share_of(t: u32, row: u32, drawn: u32) -> f32 {
  var share = dims.share;
#if ZONEOUT
  share = masks[part * dims.masks_part + drawn];
#endif
#if MASKED
  share *= mask[t * dims.batch + row];
#endif
  return share;
}

fn share_of_h(t: u32, row: u32, unit: u32) -> f32 {
  return share_of(t, row, (t * dims.batch + row) * OUT + unit);
}

fn share_of_c(t: u32, row: u32, unit: u32) -> f32 {
  return share_of(t, row, dims.zoneout_c + (t * dims.batch + row) * HIDDEN + unit);
}

#if DROPPED
// What recurrent dropout multiplies the operand of a step with.
fn drop(t: u32, row: u32, unit: u32) -> f32 {
  return masks[part * dims.masks_part + dims.drop + t * dims.drop_step + row * OUT + unit];
}
#endif
