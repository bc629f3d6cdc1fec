// The register tile of one invocation: a quad of batch rows by UNITS units. Its units lie LANES apart, so that
// neighbouring lanes read neighbouring weights; each weight serves ROWS rows and each row UNITS units.
// STAGED: what the product reads of its rows lies in workgroup memory. Else it is read where it was stored: software
// adapters compile and zero workgroup memory element by element, and it is no faster for them.

const LANES = 64u; // invocations
const UNITS = 1u; // 1, 2 or 4
const ROWS = 4u; // the components of a vec4f
const ROW_QUADS = 1u; // of a workgroup of the scan, 1 to 4; more than one only where one of the ways is QUADS

alias Quad = array<Gates, 4>; // [ROWS]
alias GatesTile = array<Quad, 4>; // [UNITS, ROWS]
alias Tile = array<vec4f, 4>; // [UNITS] of ROWS

// Rows and units of the tile that begins at `first`; those beyond the last count as the last, and what is computed for
// them is dropped.
fn tile_rows(first: u32) -> vec4u {
  return min(first + vec4u(0u, 1u, 2u, 3u), vec4u(dims.batch - 1u));
}

fn tile_units(first: u32, width: u32) -> vec4u {
  return min(first + LANES * vec4u(0u, 1u, 2u, 3u), vec4u(width - 1u));
}
