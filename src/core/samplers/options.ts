/** The advanced settings of samplers, their A1111 defaults, and how unset ones are filled in. */

export interface SamplerOptions {
  /** Share of fresh noise: 0 makes ancestral and SDE samplers deterministic, 1 is all of it. A1111 "Eta". */
  eta: number;
  /** Noise added and taken away again over the whole run; 0 is none. A1111 "Sigma churn". */
  sChurn: number;
  /** Churn acts from this sigma ... A1111 "Sigma tmin". */
  sTmin: number;
  /** ... to this one; 0 means no limit, as Infinity does. A1111 "Sigma tmax". */
  sTmax: number;
  /** Factor on all noise added. A1111 "Sigma noise". */
  sNoise: number;
}

export type OptionId = keyof SamplerOptions;

export const ANCESTRAL = { eta: 1, sNoise: 1 } as const satisfies Partial<SamplerOptions>;

export const DDIM = { eta: 0 } as const satisfies Partial<SamplerOptions>;

/** `eta` is the paper's gamma: 0 is DDIM, 1 noises the prediction anew as LCM does. */
export const TCD = { eta: 0.3 } as const satisfies Partial<SamplerOptions>;

/** Options of Restart and ER SDE: what noise there is is theirs to say. */
export const OWN_NOISE = { sNoise: 1 } as const satisfies Partial<SamplerOptions>;

export const CHURN = { sChurn: 0, sTmin: 0, sTmax: Infinity, sNoise: 1 } as const satisfies Partial<SamplerOptions>;

/** The options that `defaults` names: those given, else the default. */
export function chosen<Id extends OptionId>(
  defaults: Readonly<Record<Id, number>>,
  given: Partial<SamplerOptions>,
): Record<Id, number> {
  const filled: Record<Id, number> = { ...defaults };
  for (const id of Object.keys(defaults) as Id[]) filled[id] = given[id] ?? defaults[id];
  return filled;
}
