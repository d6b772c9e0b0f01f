/** Where a run begins: its sigmas, and what its first x is made of. From nothing, or part of the way, from a latent. */
import { startScale } from '../predictions';
import { buildSigmas } from '../schedules';
import { A1111_MOST, partSteps } from './part-steps';
import { runSigmas, type RunPlan } from './run-sigmas';
import type { SamplerEntry } from './sampler';

/** x = latentScale · latent + noiseScale · noise, in σ-space. */
export interface Start {
  sigmas: Float64Array;
  latentScale: number;
  noiseScale: number;
  /** Sigmas between whose ends a Brownian path runs: A1111's spans the whole schedule. */
  path: Float64Array;
  /** What shares of a run are counted in. */
  steps: number;
}

/** How much of a latent is denoised. */
export interface Denoising {
  /** Denoising strength: more than 0, at most 1. */
  strength: number;
  /**
   * All of the plan's steps are taken, of a schedule that is longer by as much: A1111's hires fix, and its option `img2img_fix_steps`.
   * Else the last of the plan's steps. ComfyUI always takes all.
   */
  takesAllSteps: boolean;
  /** A1111's "Noise multiplier" of the first draw. */
  noiseMultiplier?: number;
  /** A1111's "Extra noise": as much more of it. */
  extraNoise?: number;
}

/** ComfyUI takes the whole from here on. */
const COMFYUI_WHOLE = 0.9999;

/** Start of a run whose x is noise alone. */
export function wholeStart(sampler: SamplerEntry, plan: RunPlan): Start {
  const sigmas = runSigmas(sampler, plan);
  const { sigmaMax } = plan.model;
  const noiseScale = startScale({ sigma: sigmas[0], sigmaMax, rule: ruleOf(sampler, plan) });
  return { sigmas, latentScale: 1, noiseScale, path: sigmas, steps: plan.steps };
}

/** The start of a run whose sigmas come from elsewhere. @param sigmaMax  of the model @see ComfyUI comfy/samplers.py KSAMPLER.sample */
export function givenStart(sigmas: Float64Array, sigmaMax: number): Start {
  const noiseScale = startScale({ sigma: sigmas[0], sigmaMax, rule: 'comfyui' });
  return { sigmas, latentScale: 1, noiseScale, path: sigmas, steps: sigmas.length - 1 };
}

/**
 * @see A1111 modules/sd_samplers_common.py setup_img2img_steps, sd_samplers_kdiffusion.py and sd_samplers_timesteps.py sample_img2img;
 *   ComfyUI comfy/samplers.py KSampler.set_steps
 */
export function partStart(sampler: SamplerEntry, plan: RunPlan, denoising: Denoising): Start {
  const isComfy = plan.conventions === 'comfyui' && (sampler.comfySchedule === true || !sampler.ownSigmas);
  return isComfy ? comfyStart(sampler, plan, denoising) : webuiStart(sampler, plan, denoising);
}

function comfyStart(
  sampler: SamplerEntry,
  plan: RunPlan,
  { strength, noiseMultiplier = 1, extraNoise = 0 }: Denoising,
): Start {
  const steps = strength >= COMFYUI_WHOLE ? plan.steps : Math.trunc(plan.steps / strength);
  const sigmas = runSigmas(sampler, { ...plan, steps }).slice(-(plan.steps + 1));
  const { sigmaMax } = plan.model;
  const scale = startScale({ sigma: sigmas[0], sigmaMax, rule: 'comfyui' });
  const noiseScale = (scale + extraNoise) * noiseMultiplier;
  return { sigmas, latentScale: 1, noiseScale, path: sigmas, steps: plan.steps };
}

function webuiStart(sampler: SamplerEntry, plan: RunPlan, denoising: Denoising): Start {
  const { takesAllSteps, noiseMultiplier = 1, extraNoise = 0 } = denoising;
  const strength = Math.min(denoising.strength, A1111_MOST);
  const steps = takesAllSteps ? Math.trunc(plan.steps / strength) : plan.steps;
  const from = (takesAllSteps ? plan.steps : partSteps(plan.steps, strength)) - 1;
  const model = sampler.modelSchedule?.(plan.model) ?? plan.model;
  const { discardPenultimate = false } = plan;
  const discards = discardPenultimate || (sampler.discardsPenultimate?.includes(plan.conventions) ?? false);
  const whole = buildSigmas({ ...plan, steps, model, discardPenultimate: discards });
  const scheduled = (): Float64Array => whole.slice(steps - from - 1);
  const isTimesteps = sampler.variancePreserving === true;
  const own = sampler.partway?.({
    steps: isTimesteps && discardPenultimate ? steps + 1 : steps,
    from,
    model,
    scheduled,
  });
  const sigmas = own?.sigmas ?? scheduled();
  const counted = { sigmas, path: whole, steps: from + 1 };
  if (own?.noisedAt === undefined)
    return { ...counted, latentScale: 1, noiseScale: (sigmas[0] + extraNoise) * noiseMultiplier };
  // √ᾱ · latent + √(1 − ᾱ) · noise, which the sampler takes for one of its first sigma.
  const scale = Math.hypot(1, sigmas[0]) / Math.hypot(1, own.noisedAt);
  return { ...counted, latentScale: scale, noiseScale: scale * (own.noisedAt + extraNoise) * noiseMultiplier };
}

function ruleOf(sampler: SamplerEntry, { conventions }: RunPlan): 'sigma' | 'full' | 'comfyui' {
  const isComfy = conventions === 'comfyui';
  if (sampler.variancePreserving && !(isComfy && sampler.comfySchedule)) return 'full';
  return isComfy ? 'comfyui' : 'sigma';
}
