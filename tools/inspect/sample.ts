/** `sample`: one number taken down a ladder of sigmas by a sampler, with a known model and constant noise. */
import type { LatentRun, SamplerEntry, SamplerId, SamplerOptions } from '../../src/core/samplers';
import { needed, UsageError, type Arguments } from './arguments';
import { readSampler, SAMPLER } from './names';
import type { Question } from './question';
import { predictData, predictNoise, SD_MODEL } from './toy-model';

const DEFAULT_NOISE = 0.5;

/** Options of the command line for those of samplers. */
const FLAGS: Readonly<Record<keyof SamplerOptions, string>> = {
  eta: 'eta',
  sChurn: 's-churn',
  sTmin: 's-tmin',
  sTmax: 's-tmax',
  sNoise: 's-noise',
};

type Start = Pick<LatentRun, 'sigmas' | 'x' | 'denoise'>;

export const SAMPLE: Question = {
  summary: 'one number through a sampler in float64, model 0.25x/(0.25 + sigma²): {"x":0.457...,"calls":10}',
  examples: [
    'sample --sampler euler_ancestral --sigmas 14.6146412293,9.1,5.5,3.2,1.7,0.9,0.4,0.2,0.08,0.03,0 --x 14.6146412293 --noise 0.5',
    'sample --sampler ddim --timesteps 1,101,201,301,401,501,601,701,801,901 --x 1',
  ],
  options: {
    sampler: SAMPLER,
    sigmas: { value: 'a,b,...', help: 'falling; the last may be 0' },
    timesteps: {
      value: 'a,b,...',
      help: "rising, 0 to 999; instead of --sigmas for A1111's timestep samplers (DDIM, PLMS, UniPC), which walk them down",
    },
    x: { value: 'x', help: 'the start (default: the first sigma; with --timesteps 1, as noise is not scaled there)' },
    noise: { value: 'x', help: `all noise that is added, the Brownian too (default: ${DEFAULT_NOISE})` },
    eta: { value: 'x', help: "share of fresh noise (default: the sampler's)" },
    's-churn': { value: 'x', help: 'default: 0' },
    's-tmin': { value: 'x', help: 'default: 0' },
    's-tmax': { value: 'x', help: 'default: 0, no limit' },
    's-noise': { value: 'x', help: 'default: 1' },
  },
  async ask(args) {
    args.noText();
    const { id, entry } = needed('sampler', readSampler(args));
    const start = args.has('timesteps') ? startAtTimestep(args, id, entry) : startAtSigma(args);
    const noise = args.number('noise') ?? DEFAULT_NOISE;
    let calls = 0;
    const denoise: LatentRun['denoise'] = (x, sigma) => {
      calls++;
      return start.denoise(x, sigma);
    };
    const run: LatentRun = {
      ...start,
      denoise,
      denoiseBoth: async (x, sigma) => {
        const denoised = await denoise(x, sigma);
        return { denoised, uncond: denoised };
      },
      model: SD_MODEL,
      noise: () => Float64Array.of(noise),
      brownian: () => Float64Array.of(noise),
      onStep: () => {},
    };
    const [x] = await entry.sample(run, readOptions(args, entry));
    return { x, calls };
  },
};

function startAtSigma(args: Arguments): Start {
  const sigmas = needed('sigmas', args.numbers('sigmas', { min: 0 }));
  assertSteady('sigmas', sigmas, (sigma, i) => sigma < sigmas[i], 'fall');
  return {
    sigmas: Float64Array.from(sigmas),
    x: Float64Array.of(args.number('x') ?? sigmas[0]),
    denoise: predictData,
  };
}

/** Timestep samplers keep x at unit variance; ours work in σ-space, √(1 + σ²) times that. */
function startAtTimestep(args: Arguments, id: SamplerId, entry: SamplerEntry): Start {
  if (!entry.variancePreserving) throw new UsageError(`--timesteps is not for ${entry.label}: give --sigmas.`);
  if (args.has('sigmas')) throw new UsageError('--sigmas and --timesteps cannot be given together.');
  const max = SD_MODEL.sigmas.length - 1;
  const timesteps = needed('timesteps', args.numbers('timesteps', { min: 0, max, whole: true }));
  assertSteady('timesteps', timesteps, (timestep, i) => timestep > timesteps[i], 'rise');
  const own = Float64Array.from(timesteps, (timestep) => SD_MODEL.sigmas[timestep]).reverse();
  const sigmas = id.startsWith('uni_pc') ? uniPcSigmas(timesteps.length, entry) : own;
  return { sigmas, x: Float64Array.of((args.number('x') ?? 1) * Math.hypot(1, sigmas[0])), denoise: predictNoise };
}

/** UniPC takes only the number of the timesteps: it makes as many steps, even in time. */
function uniPcSigmas(count: number, entry: SamplerEntry): Float64Array {
  for (let steps = 1; steps <= count; steps++) {
    const sigmas = entry.ownSigmas?.(steps, SD_MODEL);
    if (sigmas?.length === count + 1) return sigmas;
  }
  throw new UsageError(`UniPC never makes ${count} steps: A1111's timesteps are 1, 1 + s, ... below 1000, s = 1000/n.`);
}

function assertSteady(name: string, values: number[], isRight: (value: number, i: number) => boolean, verb: string) {
  if (values.length < 2) throw new UsageError(`--${name} must have at least two values.`);
  if (!values.slice(1).every(isRight)) throw new UsageError(`--${name} must ${verb} from each value to the next.`);
}

function readOptions(args: Arguments, { label, options }: SamplerEntry): Partial<SamplerOptions> {
  const given: Partial<SamplerOptions> = {};
  for (const id of Object.keys(FLAGS) as (keyof SamplerOptions)[]) {
    const value = args.number(FLAGS[id], { min: 0 });
    if (value === undefined) continue;
    if (!Object.hasOwn(options, id)) throw new UsageError(`${label} has no --${FLAGS[id]}.`);
    given[id] = value;
  }
  return given;
}
