// What a tensor is bound as an array of. VECTORS: its rows are multiples of four long.

#if VECTORS
alias Value = vec4f;
const WIDTH = 4u;
#else
alias Value = f32;
const WIDTH = 1u;
#endif
