/** What happens on Generate: plan, encode, denoise, decode. */
import { AppError } from '../../core/errors';
import type { Pixels } from '../../core/image';
import { sha256 } from '../../core/math/sha256';
import { withDefaults, type CompleteRequest, type GenerationRequest } from '../../core/recipe/request';
import { PREDICTIONS } from '../../core/predictions';
import { runSampler } from '../../core/samplers';
import type { EventListener } from '../api';
import { CallRecord, Replay } from '../run/call-record';
import type { Cancellation } from '../run/cancellation';
import { createConditioning, type Conditioning } from './text/conditioning';
import { decodeLatent } from './decode';
import { createDenoiser } from './sampling/denoiser';
import { imageCondition } from './sampling/image-condition';
import type { Model } from '../models/model';
import type { Ports } from '../ports';
import { createPreview } from './sampling/preview';
import { planSampling, type SamplingPlan } from './sampling/sampling-plan';
import { assertPainted, inSoundPrecision } from './sound-precision';
import type { StageClock } from '../run/stage-clock';
import { StepClock } from '../run/step-clock';
import type { Unfinished } from '../run/unfinished';
import { createUnetRunner, type UnetRunner } from './sampling/unet-runner';

export interface GenerationRun {
  request: GenerationRequest;
  model: Model;
  onEvent: EventListener;
  cancellation: Cancellation;
  clock: StageClock;
  ports: Pick<Ports, 'now' | 'breathe'>;
  /** Where what is known of the picture stays when this ends badly. */
  unfinished?: Unfinished;
  /** Another attempt at the same picture has begun, or none will. */
  isOver?: () => boolean;
}

export interface Painted {
  pixels: Pixels;
  modelCalls: number;
  /** In how many it was developed. */
  tiles: number;
}

/** @throws AppError 'cancelled', 'not-a-number', 'bad-request' for what only the model can refuse, or what the runtime throws */
export async function generatePicture(run: GenerationRun): Promise<Painted> {
  try {
    return await paint(run);
  } finally {
    if (run.model.report.residency === 'in_turn') await run.model.components.releaseLarge();
  }
}

async function paint(run: GenerationRun): Promise<Painted> {
  const { model, clock } = run;
  const { denoiser } = model.traits.parts;
  const request = withDefaults(run.request);
  const plan = planOf(request, model);
  const size = model.latentSize(request.width, request.height);
  const isOver = run.isOver ?? ((): boolean => false);
  let replay: Replay | undefined;
  const pause = async (): Promise<void> => {
    await run.ports.breathe();
    replay?.settle(); // by now a loss of the device would be known
    run.unfinished?.keep();
    run.cancellation.check();
    if (isOver()) throw new AppError('internal', 'This attempt is over.');
  };

  clock.enter('encoding');
  await pause();
  const conditioning = await createConditioning(request, model.encoders(request.clipSkip, request.dialect), {
    calls: plan.calls,
    cfgScale: plan.cfgScale,
    needsNegative: plan.sampler.needsUncond,
    zeroesEmptyNegative: model.traits.zeroesEmptyNegative,
    plainPrompts: model.plainPrompts,
    pause,
  });
  assertTokens(conditioning.tokens, model);
  for (const message of conditioning.notices) run.onEvent({ type: 'notice', message });

  clock.enter('denoising');
  const image = await imageCondition(model, size);
  if (image?.notice !== undefined) run.onEvent({ type: 'notice', message: image.notice });
  let modelCalls = 0;
  const latent = await inSoundPrecision(run, 'denoiser', async () => {
    if (replay) run.unfinished?.done(); // in a precision that was not enough
    const record = await run.unfinished?.open(pictureKey(request, model));
    replay = new Replay(record ?? new CallRecord(), isOver);
    const runUnet = createUnetRunner({
      network: await model.components.get(denoiser, model.shapeOf(denoiser)),
      size,
      imageCondition: image?.channels,
      sizes: sizesOf(request, model),
      beforeRun: pause,
      afterRun: () => {
        modelCalls++;
        run.onEvent({ type: 'call' });
      },
    });
    // Its noise from the start, each time.
    const denoised = await denoise(run, planOf(request, model), { runUnet, conditioning, replay });
    assertPainted(denoised, model);
    return denoised;
  });

  clock.enter('decoding');
  await pause();
  const { pixels, tiles } = await inSoundPrecision(run, 'decoder', () =>
    decodeLatent({ model, onEvent: run.onEvent, pause }, latent, size),
  );
  clock.stop();
  run.cancellation.check();
  return { pixels, modelCalls, tiles };
}

/** What its model calls depend on: no others are taken for them. */
function pictureKey(request: CompleteRequest, { entry, report, device, isWide, traits }: Model): string {
  const { provider, adapter } = device;
  const { plan, activations, isWidened = false } = report;
  const precision = [plan, activations, isWide(traits.parts.denoiser)];
  const numbers = [...precision, provider, adapter, ...(isWidened ? ['widened'] : [])];
  const text = JSON.stringify([1, request, entry.id, entry.source, ...numbers], inText);
  return sha256(new TextEncoder().encode(text));
}

const inText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/** @throws AppError 'bad-request' */
function assertTokens(tokens: number, { traits, tokenizer, entry }: Model): void {
  if (traits.maxTokens === undefined || tokens <= traits.maxTokens) return;
  const limit = tokenizer.contextLength - 2;
  throw new AppError('bad-request', `${entry.name} reads prompts of ${limit} tokens at most. Shorten the prompt.`);
}

function planOf(request: CompleteRequest, model: Model): SamplingPlan {
  const { noise, latentChannels, latentFactor, optimisedFor } = model.traits;
  const latent = model.latentSize(request.width, request.height);
  return planSampling({
    request,
    noiseConfig: noise,
    optimisedFor,
    latentDims: [latentChannels, latent.height, latent.width],
    latentFactor,
  });
}

/** What the denoiser is told of sizes: original height and width, crop top and left, target height and width. */
function sizesOf({ width, height }: CompleteRequest, { traits }: Model): readonly number[] | undefined {
  return traits.tellsSize ? [height, width, 0, 0, height, width] : undefined;
}

async function denoise(
  { model, onEvent, ports }: GenerationRun,
  plan: SamplingPlan,
  { runUnet, conditioning, replay }: { runUnet: UnetRunner; conditioning: Conditioning; replay: Replay },
): Promise<Float32Array> {
  const [, height, width] = plan.latentDims;
  const preview = await createPreview(model, { height, width }, ports.now);
  const clock = new StepClock(plan.reports, ports.now);
  const prediction = PREDICTIONS[model.traits.noise.predictionType];
  const denoiser = createDenoiser({ runUnet, prediction, conditioning, plan, replay });
  const run = {
    ...denoiser,
    x: plan.start(),
    sigmas: plan.sigmas,
    model: plan.schedule,
    noise: () => plan.noise(),
    brownian: plan.brownian,
    onStep: async ({ index, denoised }: { index: number; denoised: Float32Array }) => {
      if (replay.isRecalling) return; // told when it was made
      const shown = await preview(denoised);
      onEvent({
        type: 'step',
        step: index + 1,
        steps: plan.reports,
        secondsLeft: clock.secondsLeft(index + 1),
        ...(shown ? { preview: shown } : {}),
      });
    },
  };
  return runSampler(plan.sampler, run, plan.options);
}
