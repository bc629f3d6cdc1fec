/** As in `shaders/shared/huge.wgsl`: squares of numbers above HUGE are summed apart, shrunk by SHRINK before. */
export const HUGE = 2 ** 40;
export const SHRINK = 2 ** -80;
