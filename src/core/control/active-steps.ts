/** In which steps a unit acts: four programs' rules for the same two numbers. */

/** Both in 0…1, shares of the steps. */
export interface StepRange {
  start: number;
  end: number;
}

/** @see reference: Mikubill/sd-webui-controlnet scripts/hook.py; ComfyUI comfy/controlnet.py; diffusers pipeline_controlnet.py; InvokeAI diffusers_pipeline.py, do_controlnet_step */
export const RANGE_RULES = ['a1111', 'comfyui', 'diffusers', 'invokeai'] as const;
export type RangeRule = (typeof RANGE_RULES)[number];

/** Where in the steps a model call is. */
export interface CallAt {
  sigma: number;
  /** The step that was reported last, from 0; −1 before the first. Samplers report a step after their first call in it. */
  reported: number;
  /** How many steps there are. */
  steps: number;
}

/** Above all sigmas. @see ComfyUI comfy/model_sampling.py percent_to_sigma */
const ABOVE_ALL = 999_999_999.9;

/** @param sigmaOf  of a timestep, which may be fractional */
export function acts(
  rule: RangeRule,
  { start, end }: StepRange,
  { sigma, reported, steps }: CallAt,
  sigmaOf: (timestep: number) => number,
): boolean {
  if (rule === 'a1111') {
    // A1111's counter is set after the first call of a step, so that it lags one behind.
    const share = Math.max(reported, 0) / steps;
    return share >= start && share <= end;
  }
  if (rule === 'diffusers') {
    const step = reported + 1;
    return step / steps >= start && (step + 1) / steps <= end;
  }
  if (rule === 'invokeai') {
    const step = reported + 1;
    return step >= Math.floor(start * steps) && step <= Math.ceil(end * steps);
  }
  const at = (share: number): number => (share <= 0 ? ABOVE_ALL : share >= 1 ? 0 : sigmaOf(999 * (1 - share)));
  const own = Math.fround(sigma);
  return own <= Math.fround(at(start)) && own >= Math.fround(at(end));
}
