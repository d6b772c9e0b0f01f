/**
 * A sampler's run of which some model calls are forecast, for any sampler that takes a known number of steps.
 *
 * Forecasting x0 from past ones is Spectrum's and TaylorSeer's idea. Here what was forecast is corrected as well: when the model has answered again,
 * the steps between are gone through once more with x0 on the line between its two answers, as UniPC's corrector does within a step. No call
 * is made twice for it; the sampler begins again, is given what is known, and draws the same noise. That costs its own arithmetic for each
 * answer: of 20 steps with 11 answers some six runs without a model.
 *
 * @see Han et al. 2026, Adaptive Spectral Feature Forecasting (arXiv 2603.01623); Zhao et al. 2023, UniPC (arXiv 2302.04867)
 */
import {
  runSampler,
  type RunnableSampler,
  type SamplerEntry,
  type SamplerOptions,
  type SamplerRun,
  type SamplerStep,
} from '../samplers';
import type { Answer, Placed } from './answer';
import { Feedback } from './feedback';
import { ahead, between, type Known } from './forecast';
import { madeSteps } from './made-steps';
import { SWINGS_BELOW, type SpeedEntry } from './table';

export interface ForecastRun extends Omit<SamplerRun, 'denoise' | 'denoiseBoth' | 'onStep'> {
  /** The model, at the sampler's call of this index, from 0. */
  ask(question: { x: Float32Array; sigma: number; wantsUncond: boolean; call: number }): Promise<Answer>;
  /** How many x has; the rest of its length is cells. */
  channels: number;
  /** Scale of the guidance; 1 without. */
  cfgScale: number;
  /** What an answer depends on beside x and sigma. Across a change nothing is forecast. */
  keyAt(call: number, sigma: number): readonly unknown[];
  /** Wraps the model and its forecasts in what keeps an unmasked part. */
  wrap?(denoiser: Pick<Required<SamplerRun>, 'denoise' | 'denoiseBoth'>): Pick<SamplerRun, 'denoise' | 'denoiseBoth'>;
  /** Called before the sampler begins, each time. */
  onBegin?(): void;
  /** `isAgain`: this step was told before. */
  onStep(step: SamplerStep & { isAgain?: boolean }): void | Promise<void>;
}

export interface ForecastResult {
  latent: Float32Array;
  /** The sampler's calls, and how many of them the model answered. */
  calls: number;
  made: number;
}

/** @throws what the model, its sampler or `onStep` throws */
export async function runWithForecasts(
  sampler: RunnableSampler,
  run: ForecastRun,
  { options = {}, speed }: { options?: Partial<SamplerOptions>; speed: SpeedEntry },
): Promise<ForecastResult> {
  const { wrap, onBegin, onStep, ...rest } = run;
  const made = forecasts(sampler) ? madeSteps(run.sigmas.length - 1, speed) : undefined;
  const forecaster = new Forecaster(run, made, speed);
  const noise = drawnOnce(() => rest.noise());
  const { brownian } = rest;
  const path = brownian && drawnOnce(brownian);
  const denoiser = {
    denoise: async (x: Float32Array, sigma: number) => (await forecaster.answer(x, sigma, false)).denoised,
    denoiseBoth: (x: Float32Array, sigma: number) => forecaster.answer(x, sigma, true),
  };
  let told = -1;
  for (;;) {
    for (const one of [noise, path]) one?.again();
    onBegin?.();
    try {
      const latent = await runSampler(
        sampler,
        {
          ...rest,
          ...(wrap ? wrap(denoiser) : denoiser),
          noise: noise.draw,
          ...(path && { brownian: path.draw }),
          onStep: (step) => {
            const isTold = step.index <= told;
            told = Math.max(told, step.index);
            return onStep(isTold ? { ...step, isAgain: true } : step);
          },
        },
        options,
      );
      return { latent, ...forecaster.counts };
    } catch (error) {
      if (error !== forecaster.again) throw error;
      forecaster.begin();
    }
  }
}

/** It takes as many steps as it is told, so that the same calls come again. */
export const forecasts = ({ modelCalls }: SamplerEntry): boolean => modelCalls(1) !== undefined;

class Forecaster {
  readonly #run: ForecastRun;
  readonly #made: ReadonlySet<number> | undefined;
  readonly #speed: SpeedEntry;
  /** Answers to the calls so far, in the sampler's order; forecasts among them are replaced as more is known. */
  readonly #answers: { position: number; isForecast: boolean; answer: Placed; feedback: Feedback }[] = [];
  /** What the model said since its inputs last changed. */
  #known: Known[] = [];
  #feedback: Feedback;
  #key: readonly unknown[] = [];
  #call = 0;
  #asked = 0;
  /** Thrown through the sampler where it is to begin again. */
  readonly again = new Error('The steps between are gone through again.');

  constructor(run: ForecastRun, made: ReadonlySet<number> | undefined, speed: SpeedEntry) {
    this.#run = run;
    this.#made = made;
    this.#speed = speed;
    this.#feedback = this.#newFeedback();
  }

  get counts(): { calls: number; made: number } {
    return { calls: this.#call, made: this.#asked };
  }

  begin(): void {
    this.#call = 0;
  }

  async answer(x: Float32Array, sigma: number, wantsUncond: boolean): Promise<Answer> {
    const call = this.#call++;
    const given = this.#answers.at(call);
    if (given) return moved(given.answer, given.feedback, x, sigma);
    const position = positionOf(sigma, this.#run.sigmas);
    const key = this.#run.keyAt(call, sigma);
    if (this.#isNew(position, key)) {
      this.#known = [];
      this.#feedback = this.#newFeedback();
    }
    this.#key = key;
    const forecast = this.#isMade(position) ? undefined : ahead(this.#known, position, this.#speed.slope);
    const taken = forecast && moved(forecast, this.#feedback, x, sigma);
    if (taken && isFinite(taken)) {
      this.#take(position, forecast, true);
      return taken;
    }
    const { denoised, uncond } = await this.#run.ask({ x, sigma, wantsUncond, call });
    const answer = { denoised, uncond: wantsUncond ? uncond : denoised, means: this.#feedback.meansOf(x, sigma) };
    this.#asked++;
    const from = this.#known.at(-1);
    if (from) this.#feedback.learn(from, answer);
    this.#known.push({ position, ...answer });
    this.#take(position, answer, false);
    if (from && this.#correct(from, call)) throw this.again;
    return copyOf(answer);
  }

  #take(position: number, answer: Placed, isForecast: boolean): void {
    this.#answers.push({ position, isForecast, answer, feedback: this.#feedback });
  }

  #newFeedback(): Feedback {
    const { channels, cfgScale, sigmas } = this.#run;
    const swings = this.#speed.givesWay && sigmas.length - 1 < SWINGS_BELOW;
    return new Feedback(swings ? channels : 0, cfgScale);
  }

  #isMade(position: number): boolean {
    return this.#known.length === 0 || !this.#made || this.#made.has(Math.floor(position + EARLY));
  }

  /** Restarts go back up; prompts and units change on the way. */
  #isNew(position: number, key: readonly unknown[]): boolean {
    const last = this.#answers.at(-1);
    const isBack = last !== undefined && position < last.position - BACK;
    return isBack || key.length !== this.#key.length || key.some((one, i) => one !== this.#key[i]);
  }

  /** @returns whether anything between the two was a forecast */
  #correct(from: Known, call: number): boolean {
    const to = this.#known[this.#known.length - 1];
    let isCorrected = false;
    for (let i = call - 1; i >= 0; i--) {
      const one = this.#answers[i];
      if (!one.isForecast) break;
      if (to.position > from.position) one.answer = between(from, to, one.position);
      isCorrected = true;
    }
    return isCorrected;
  }
}

/** Churn and midpoints lie between two steps: a little before one they are its own. */
const EARLY = 0.25;
/** Second-order samplers ask at the next sigma and come back to it; only a restart goes further up. */
const BACK = 1.5;

/** The same answer for this x. Samplers that ask for both take their difference, which may not come from two places: theirs stays. */
function moved(answer: Placed, feedback: Feedback, x: Float32Array, sigma: number): Answer {
  if (answer.uncond !== answer.denoised) return copyOf(answer);
  const denoised = feedback.moved(answer, x, sigma);
  return { denoised, uncond: denoised };
}

function copyOf({ denoised, uncond }: Answer): Answer {
  const copy = denoised.slice();
  return { denoised: copy, uncond: uncond === denoised ? copy : uncond.slice() };
}

function isFinite({ denoised, uncond }: Answer): boolean {
  return denoised.every(Number.isFinite) && (uncond === denoised || uncond.every(Number.isFinite));
}

/** Which step has this sigma: 0 at the first; between two by their logarithms. */
export function positionOf(sigma: number, sigmas: Float64Array): number {
  const below = sigmas.findIndex((one) => one <= sigma);
  if (below <= 0) return below === 0 ? 0 : sigmas.length - 1;
  const [high, low] = [sigmas[below - 1], sigmas[below]];
  if (low === sigma) return below;
  if (low <= 0) return below - sigma / high;
  return below - Math.log(sigma / low) / Math.log(high / low);
}

/** What is drawn is kept, so that it comes again in the same order. */
function drawnOnce<Question extends unknown[]>(draw: (...question: Question) => Float32Array) {
  const drawn: Float32Array[] = [];
  let next = 0;
  return {
    draw: (...question: Question): Float32Array => (drawn[next++] ??= draw(...question)),
    again: () => void (next = 0),
  };
}
