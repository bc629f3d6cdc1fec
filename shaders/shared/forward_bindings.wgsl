// What the forward kernels of both machines read and write; see shared/layout.
#import shared/weights

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> recurrent: array<Packed>; // [OUT+3, H]: row k what operand[k] adds, then unit rows
@group(0) @binding(2) var<storage, read_write> gates: array<f32>;
@group(0) @binding(3) var<storage, read_write> states: array<f32>;
@group(0) @binding(4) var<storage, read_write> state: array<f32>; // initial states -> final states
#if TWO_STAGES
@group(0) @binding(5) var<storage, read> second: array<Second>; // [H+3, OUT]: row k what mid[k] adds, then unit rows
#endif
#if MASKED
@group(0) @binding(6) var<storage, read> mask: array<f32>; // [T, B]: 1 where a row takes the step, 0 where not
#endif
#if DRAWN
@group(0) @binding(7) var<storage, read> masks: array<f32>; // drawn for zoneout and recurrent dropout
#endif
