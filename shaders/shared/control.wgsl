// Where the numbers of a training step live on the GPU; src/control.ts has the same indices.

// control: array<f32>
const LOSS = 0u; // mean loss of the batch, nats
const NORM = 1u; // L2 norm of all gradients before clipping
const SCALE = 2u; // what gradients are multiplied by; 0 where the step is refused, never otherwise
const CORRECTION1 = 3u; // 1 - beta1^t after t applied updates
const CORRECTION2 = 4u; // 1 - beta2^t

// counters: array<u32>
const STEP = 0u; // steps played
const APPLIED = 1u; // steps that changed the weights
const REFUSED = 2u; // steps whose loss or gradient norm was not finite

// losses: array<f32>
const HISTORY = 256u; // the loss of step s stands at s % HISTORY
