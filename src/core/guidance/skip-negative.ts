/** Calls that leave the negative prompt out, for speed or for variety. */

export interface SkipOptions {
  /** A1111's "Skip Early CFG": the share of the calls, from the first, without it; 0 is off. */
  skipEarlyCfg?: number;
  /** A1111's "NGMS", negative guidance minimum sigma: below it every second call goes without; 0 is off. */
  ngms?: number;
  /** "NGMS all steps": below that sigma, every call does. */
  ngmsAllSteps?: boolean;
}

export interface GuidanceCall {
  /** Number of the model's call, from 0: a step of a second-order sampler has two. */
  call: number;
  /** How many A1111 counts on: the steps, or twice as many with samplers that count double. */
  calls: number;
  sigma: number;
  options: SkipOptions;
}

/**
 * The early share includes its end: of 20 calls, 0.5 skips 0 … 10.
 *
 * @see A1111 modules/sd_samplers_cfg_denoiser.py
 */
export function skipsNegative({ call, calls, sigma, options }: GuidanceCall): boolean {
  const { skipEarlyCfg = 0, ngms = 0, ngmsAllSteps = false } = options;
  if (skipEarlyCfg > 0 && call / calls <= skipEarlyCfg) return true;
  return sigma < ngms && (ngmsAllSteps || call % 2 === 1);
}
