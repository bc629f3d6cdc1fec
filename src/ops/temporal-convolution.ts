import { carryPast, carryPastBackward, unfoldTime, unfoldTimeBackward } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { elementwise } from "./elementwise.ts";
import { linear } from "./linear.ts";

interface TemporalConvolution {
  readonly weight: Tensor; // [O, I, K]
  readonly bias: Tensor; // [O]
  readonly dilation: number;
  /** How many steps before the present one the first tap reaches. */
  readonly left: number;
  /** [T, B]: 0 makes a step 0. */
  readonly mask: Tensor | undefined;
  /** [B · left · I], the steps before the sequence; those before the next one after. Zeros if left out. */
  readonly past: Tensor | undefined;
}

/**
 * y[t] = Σ_k W[:, :, k] · x[t + k · dilation − left] + b.
 * @param x [T, B, I]
 * @returns [T, B, O]
 */
export function temporalConvolution(recorder: Recorder, x: Tensor, options: TemporalConvolution): Tensor {
  const { weight, bias, dilation, left, mask, past } = options;
  const [time, batch, inputs] = x.shape as [number, number, number];
  const [outputs, , taps] = weight.shape as [number, number, number];
  const columns = recorder.scratch("columns", [time, batch, inputs * taps]);
  const given = mask ? { mask } : {};
  const masked = { MASKED: mask !== undefined };
  const dims = { time, batch, inputs, taps, dilation, left };
  recorder.dispatch({
    label: "unfold",
    variant: { kernel: unfoldTime, flags: { ...masked, PAST: past !== undefined } },
    bindings: { x, ...given, ...(past ? { past } : {}), columns },
    dims,
    workgroups: elementwise(sizeOf(columns.shape)),
  });
  if (past) {
    recorder.dispatch({
      label: "carry",
      variant: { kernel: carryPast, flags: masked },
      bindings: { x, ...given, past },
      dims: { time, batch, inputs, steps: left },
      workgroups: elementwise(batch * inputs),
    });
  }
  recorder.onBackward(() => {
    const dcolumns = recorder.gradient(columns);
    const dx = recorder.wantsGradient(x) ? recorder.gradientTarget(x).tensor : undefined;
    if (dx) {
      recorder.dispatch({
        label: "unfold_gradient",
        variant: { kernel: unfoldTimeBackward, flags: masked },
        bindings: { dcolumns, ...given, dx },
        dims,
        workgroups: elementwise(sizeOf(x.shape)),
      });
    }
    if (!past) return;
    const dpast = recorder.zeros("dpast", past.shape);
    recorder.setGradient(past, dpast); // the host may add cotangents of what is carried on
    recorder.dispatch({
      label: "carry_gradient",
      variant: { kernel: carryPastBackward, flags: { ...masked, INPUTS: dx !== undefined } },
      bindings: { dcolumns, ...given, dpast, ...(dx ? { dx } : {}) },
      dims: { time, batch, inputs, taps, dilation, steps: left },
      workgroups: elementwise(batch * inputs),
    });
  });
  return linear(recorder, columns, { weight: { ...weight, shape: [outputs, inputs * taps] }, bias });
}
