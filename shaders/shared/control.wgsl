// Where the numbers of a training step live on the GPU; src/control.ts has the same indices.

// control: array<f32>
const LOSS = 0u; // mean loss of the batch, nats
const NORM = 1u; // L2 norm of all gradients before clipping
const SCALE = 2u; // what gradients are multiplied by; 0 where nothing is to be updated, never otherwise
const CORRECTION1 = 3u; // 1 - beta1^t after t applied updates
const CORRECTION2 = 4u; // 1 - beta2^t
const FACTOR = 5u; // what the host multiplies the learning rate by; 0 while it has said nothing, which counts as 1
const RATE = 6u; // what the learning rate is multiplied by in all: FACTOR and the schedule
const LIMIT = 7u; // largest element of a gradient, after SCALE

// counters: array<u32>
const STEP = 0u; // steps played
const APPLIED = 1u; // updates of the weights
const REFUSED = 2u; // updates refused because a loss or the gradient norm was not finite
const SPOILT = 3u; // steps since the last update whose loss was not finite

// losses: array<f32>
const HISTORY = 256u; // the loss of step s stands at s % HISTORY; one that is not finite where its update was refused for it

// rates: array<f32>
const RING = 4096u; // the schedule's factor for the update after u applied ones stands at u % RING
