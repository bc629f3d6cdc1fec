// What the backward kernels of both machines read and write; see shared/layout.
#import shared/weights

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> recurrent: array<Packed>; // [H, OUT]: row u what dr of unit u adds; then unit rows
@group(0) @binding(2) var<storage, read_write> gates: array<f32>;
@group(0) @binding(3) var<storage, read> states: array<f32>;
#if FLOW
@group(0) @binding(4) var<storage, read_write> dh: array<f32>; // [T, B, OUT]: cotangents of the outputs -> all of dL/dh
#else
@group(0) @binding(4) var<storage, read> dh: array<f32>; // [T, B, OUT]: cotangents of the outputs
#endif
@group(0) @binding(5) var<storage, read_write> dstate: array<f32>; // of the final states -> of the initial states; tail
#if TWO_STAGES
@group(0) @binding(6) var<storage, read> second: array<Second>; // [OUT, H]: row o what its gradient adds; then unit rows
#endif
#if MASKED
@group(0) @binding(7) var<storage, read> mask: array<f32>; // [T, B]: 1 where a row takes the step, 0 where not
#endif
#if DRAWN
@group(0) @binding(8) var<storage, read> masks: array<f32>; // drawn for zoneout and recurrent dropout
#endif
