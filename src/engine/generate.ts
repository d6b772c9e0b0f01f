/** What happens on Generate: encode, noise, denoise, decode. */
import { latentPreview, planesToPixels, type Pixels } from '../core/image';
import { timestepWave } from '../core/models';
import { NOISES } from '../core/noise';
import type { GenerationRequest } from '../core/request';
import { runSampler, SAMPLERS } from '../core/samplers';
import { resolveSchedule, SCHEDULES } from '../core/schedules';
import type { EventListener, Timings } from './api';
import type { Cancellation } from './cancellation';
import { createDenoiser } from './denoiser';
import { encodePrompt } from './encode';
import type { Model } from './model';
import type { Ports } from './ports';
import { StepClock } from './step-clock';

export interface GenerationRun {
  request: GenerationRequest;
  model: Model;
  onEvent: EventListener;
  cancellation: Cancellation;
  ports: Pick<Ports, 'now' | 'breathe'>;
}

export type GenerationTimings = Omit<Timings, 'loadSeconds' | 'totalSeconds'>;

/** @throws AppError 'cancelled', 'not-a-number', or what the runtime throws */
export async function generatePicture(run: GenerationRun): Promise<{ pixels: Pixels; timings: GenerationTimings }> {
  const { request, model, onEvent, cancellation, ports } = run;
  const { width, height } = request;
  const pause = async (): Promise<void> => {
    await ports.breathe();
    cancellation.check();
  };
  const startedAt = ports.now();
  onEvent({ type: 'stage', stage: 'encoding' });
  await pause();
  const { positive, negative } = await encodeBoth(run);

  const encodedAt = ports.now();
  onEvent({ type: 'stage', stage: 'denoising' });
  const { vae, unet } = await model.sized(width, height);
  let modelCalls = 0;
  const latent = model.latentSize(width, height);
  const latentDims = [model.configs.unet.inChannels, latent.height, latent.width] as const;
  const denoise = createDenoiser({
    unet,
    schedule: model.configs.schedule,
    timestepWave: (timestep) => timestepWave(timestep, model.configs.unet),
    prediction: model.configs.noise.predictionType,
    latentDims,
    positive,
    negative,
    cfgScale: request.cfgScale,
    beforeCall: pause,
    afterCall: () => void modelCalls++,
  });
  const denoised = await sample(run, denoise, latentDims);

  const denoisedAt = ports.now();
  onEvent({ type: 'stage', stage: 'decoding' });
  await pause();
  const { scalingFactor, shiftFactor } = model.configs.vae;
  const unscaled = denoised.map((value) => value / scalingFactor + shiftFactor);
  const outputs = await vae.run({ latent: { data: unscaled, dims: [1, ...latentDims] } });
  const pixels = planesToPixels(outputs['image'], width, height);
  const seconds = (from: number, to: number): number => (to - from) / 1000;
  return {
    pixels,
    timings: {
      encodeSeconds: seconds(startedAt, encodedAt),
      denoiseSeconds: seconds(encodedAt, denoisedAt),
      decodeSeconds: seconds(denoisedAt, ports.now()),
      modelCalls,
    },
  };
}

async function encodeBoth({ request, model }: GenerationRun) {
  const encoder = await model.encoder();
  const positive = await encodePrompt(request.prompt, encoder);
  const negative = request.cfgScale === 1 ? positive : await encodePrompt(request.negativePrompt, encoder);
  return { positive, negative };
}

/** Noise, schedule and sampler, by their tables. */
async function sample(
  { request, model, onEvent, ports }: GenerationRun,
  denoise: ReturnType<typeof createDenoiser>,
  latentDims: readonly [number, number, number],
): Promise<Float32Array> {
  const [channels, height, width] = latentDims;
  const sampler = SAMPLERS[request.sampler];
  const schedule = SCHEDULES[resolveSchedule(request.schedule, sampler.defaultSchedule)];
  const sigmas = schedule.sigmas(request.steps, model.configs.schedule);
  const noise = NOISES[request.noise].create(request.seed);
  const count = channels * height * width;
  const steps = sigmas.length - 1;
  const clock = new StepClock(steps, ports.now);
  return runSampler(sampler, {
    denoise,
    x: noise.next(count).map((value) => value * sigmas[0]),
    sigmas,
    model: model.configs.schedule,
    noise: () => noise.next(count),
    onStep: ({ index, denoised }) => {
      const { latentRgb } = model.configs;
      onEvent({
        type: 'step',
        step: index + 1,
        steps,
        secondsLeft: clock.secondsLeft(index + 1),
        ...(latentRgb ? { preview: latentPreview(denoised, width, height, latentRgb) } : {}),
      });
    },
  });
}
