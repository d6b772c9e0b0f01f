/** What happens on Generate: plan, encode, denoise, decode. */
import { latentPreview, planesToPixels, type Pixels } from '../core/image';
import { latentFactor, timestepWave } from '../core/models';
import { withDefaults, type GenerationRequest } from '../core/request';
import { runSampler } from '../core/samplers';
import type { EventListener, Timings } from './api';
import type { Cancellation } from './cancellation';
import { createConditioning, type Conditioning } from './conditioning';
import { createDenoiser } from './denoiser';
import type { Model } from './model';
import type { Ports } from './ports';
import { planSampling, type SamplingPlan } from './sampling-plan';
import { StepClock } from './step-clock';
import { createUnetRunner } from './unet-runner';

export interface GenerationRun {
  request: GenerationRequest;
  model: Model;
  onEvent: EventListener;
  cancellation: Cancellation;
  ports: Pick<Ports, 'now' | 'breathe'>;
}

export type GenerationTimings = Omit<Timings, 'loadSeconds' | 'totalSeconds'>;

/** @throws AppError 'cancelled', 'not-a-number', 'bad-request' for what only the model can refuse, or what the runtime throws */
export async function generatePicture(run: GenerationRun): Promise<{ pixels: Pixels; timings: GenerationTimings }> {
  const { model, onEvent, cancellation, ports } = run;
  const request = withDefaults(run.request);
  const { width, height } = request;
  const pause = async (): Promise<void> => {
    await ports.breathe();
    cancellation.check();
  };
  const latent = model.latentSize(width, height);
  const plan = planSampling({
    request,
    noiseConfig: model.configs.noise,
    latentDims: [model.configs.unet.inChannels, latent.height, latent.width],
    latentFactor: latentFactor(model.configs.vae),
  });

  const startedAt = ports.now();
  onEvent({ type: 'stage', stage: 'encoding' });
  await pause();
  const conditioning = await createConditioning(request, await model.encoder(request.clipSkip), {
    calls: plan.calls,
    cfgScale: plan.cfgScale,
    needsNegative: plan.sampler.needsUncond,
    pause,
  });
  for (const message of conditioning.notices) onEvent({ type: 'notice', message });

  const encodedAt = ports.now();
  onEvent({ type: 'stage', stage: 'denoising' });
  const sessions = await model.sized(width, height);
  let modelCalls = 0;
  const runUnet = createUnetRunner({
    unet: sessions.unet,
    timestepWave: (timestep) => timestepWave(timestep, model.configs.unet),
    latentDims: plan.latentDims,
    beforeRun: pause,
    afterRun: () => void modelCalls++,
  });
  const denoised = await denoise(run, plan, runUnet, conditioning);

  const denoisedAt = ports.now();
  onEvent({ type: 'stage', stage: 'decoding' });
  await pause();
  const { scalingFactor, shiftFactor } = model.configs.vae;
  const unscaled = denoised.map((value) => value / scalingFactor + shiftFactor);
  const outputs = await sessions.vae.run({ latent: { data: unscaled, dims: [1, ...plan.latentDims] } });
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

function denoise(
  { model, onEvent, ports }: GenerationRun,
  plan: SamplingPlan,
  runUnet: ReturnType<typeof createUnetRunner>,
  conditioning: Conditioning,
): Promise<Float32Array> {
  const [, height, width] = plan.latentDims;
  const { latentRgb, noise } = model.configs;
  const clock = new StepClock(plan.reports, ports.now);
  const denoiser = createDenoiser({ runUnet, prediction: noise.predictionType, conditioning, plan });
  const run = {
    ...denoiser,
    x: plan.start(),
    sigmas: plan.sigmas,
    model: plan.schedule,
    noise: () => plan.noise(),
    brownian: plan.brownian,
    onStep: ({ index, denoised }: { index: number; denoised: Float32Array }) =>
      onEvent({
        type: 'step',
        step: index + 1,
        steps: plan.reports,
        secondsLeft: clock.secondsLeft(index + 1),
        ...(latentRgb ? { preview: latentPreview(denoised, width, height, latentRgb) } : {}),
      }),
  };
  return runSampler(plan.sampler, run, plan.options);
}
