/**
 * The formula of each schedule type, beside what SCHEDULES says of it: a page that lists them and never builds sigmas leaves them
 * out. One missing does not compile.
 */
import { alignYourStepsComfySigmas, alignYourStepsSigmas, gitsSigmas } from './align-your-steps';
import { betaComfySigmas, betaSigmas } from './beta';
import { ddimSigmas } from './ddim';
import { exponentialSigmas } from './exponential';
import { karrasSigmas } from './karras';
import { klOptimalComfySigmas, klOptimalSigmas } from './kl-optimal';
import { lcmSigmas } from './lcm';
import { normalSigmas } from './normal';
import { polyexponentialSigmas } from './polyexponential';
import { sgmUniformSigmas } from './sgm-uniform';
import { simpleSigmas } from './simple';
import { sdTurboSigmas, turboSigmas } from './turbo';
import { uniformSigmas } from './uniform';
import type { Sigmas } from './schedule';
import type { ScheduleId } from './table';

export const SIGMAS = {
  automatic: uniformSigmas,
  uniform: uniformSigmas,
  karras: karrasSigmas,
  exponential: exponentialSigmas,
  polyexponential: polyexponentialSigmas,
  sgm_uniform: sgmUniformSigmas,
  kl_optimal: klOptimalSigmas,
  align_your_steps: alignYourStepsSigmas,
  simple: simpleSigmas,
  normal: normalSigmas,
  ddim: ddimSigmas,
  beta: betaSigmas,
  align_your_steps_gits: gitsSigmas,
  turbo: turboSigmas,
  lcm: lcmSigmas,
  sd_turbo: sdTurboSigmas,
  beta_comfy: betaComfySigmas,
  kl_optimal_comfy: klOptimalComfySigmas,
  align_your_steps_comfy: alignYourStepsComfySigmas,
} as const satisfies Record<ScheduleId, Sigmas>;
