/** From noise, or a latent with noise, to a latent without: the denoising loop. */
import { latentMask, type LatentMaskWay } from '../../core/image/masks';
import { maskedDenoiser, type MaskMode } from '../../core/masking';
import { usesNegative } from '../../core/guidance';
import { PREDICTIONS } from '../../core/predictions';
import { runSampler, SAMPLERS, type SamplerEntry } from '../../core/samplers';
import { runWithForecasts, SPEEDS } from '../../core/speed';
import { sha256 } from '../../core/math/sha256';
import type { Model } from '../models/model';
import { CallRecord, Replay } from '../run/call-record';
import { StepClock } from '../run/step-clock';
import { oneByOne, type Implementation, type OperationContext, type Task } from './implementation';
import { createDenoiser, type Denoiser, type DenoiserOptions } from './sampling/denoiser';
import { prepareControls, type PreparedControls } from './sampling/controls';
import { imageCondition, seesMask } from './sampling/image-condition';
import { createPreview } from './sampling/preview';
import { planSampling, type SamplingPlan } from './sampling/sampling-plan';
import { createUnetRunner, type UnetRunner } from './sampling/unet-runner';
import { assertPainted, inSoundPrecision } from './sound-precision';
import { guidanceOf } from './text/conditioning';

type SampleTask = Task<'sample'>;

export const sample: Implementation<'sample'> = {
  stage: 'denoising',
  run: oneByOne(async (task, context) => {
    const model = await context.models.get(task.inputs.model);
    const { height, width } = task.inputs.latent;
    return { outputs: { latent: { height, width, data: await paint(task, model, context) } } };
  }),
};

/** @throws AppError 'not-a-number', 'bad-request' for what only the model can refuse, or what the runtime throws */
async function paint(task: SampleTask, model: Model, context: OperationContext): Promise<Float32Array> {
  const { latent: size } = task.inputs;
  const { onEvent, unfinished, isOver } = context;
  const { denoiser } = model.traits.parts;
  const { picture, mask } = task.inputs;
  const image = await imageCondition(model, size, {
    picture: picture && { ...task.settings, ...picture, mask },
    onEvent,
    pause: () => context.pause(),
  });
  if (image?.notice !== undefined) onEvent({ type: 'notice', message: image.notice });
  const cells = mask && latentMask(mask, size, CELLS[task.settings.maskMode]);
  if (cells?.every((level) => level === 0)) onEvent({ type: 'notice', message: tooThin(model) });
  let replay: Replay | undefined;
  const pause = async (): Promise<void> => {
    await context.ports.breathe();
    replay?.settle(); // by now a loss of the device would be known
    unfinished?.keep();
    context.check();
  };
  return inSoundPrecision({ model, onEvent }, 'denoiser', async () => {
    if (replay) unfinished?.done(); // in a precision that was not enough
    const record = await unfinished?.open(pictureKey(task, model));
    replay = new Replay(record ?? new CallRecord(), isOver);
    const control = await controlsOf(task, model, context);
    const plan = planOf(task, model, cells);
    const steps = { reported: -1, steps: plan.sigmas.length - 1 };
    const common = {
      network: await model.components.get(denoiser, model.shapeOf(denoiser)),
      ...(control && {
        control: {
          tellsRowsApart: control.tellsRowsApart,
          maps: (step: Parameters<PreparedControls['maps']>[0]) => control.maps(step),
          at: (sigma: number) => ({ ...steps, sigma }),
          sigmaOf: (t: number) => plan.schedule.tToSigma(t),
        },
      }),
      size,
      sizes: sizesOf(task, model),
      factors: model.factorsOf(denoiser),
      beforeRun: pause,
      afterRun: () => onEvent({ type: 'call' }),
    };
    const runUnet = createUnetRunner({ ...common, imageCondition: image?.channels });
    const { imageCfgScale: scale } = task.settings;
    const unseen = image?.isEdited &&
      scale !== 1 && {
        scale,
        runUnet: createUnetRunner({ ...common, imageCondition: new Float32Array(image.channels.length) }),
      };
    // Its noise from the start, each time.
    const against = image?.isEdited || readsNegative(task) ? task.inputs.negative : undefined;
    const unitsAt =
      control &&
      ((sigma: number) => control.acting({ ...steps, sigma }, (t: number) => plan.schedule.tToSigma(t)));
    const more = { ...(unseen && { unseen }), ...(unitsAt && { unitsAt }) };
    const run: Denoising = { task, model, context, plan, steps, runUnet, replay, against, ...more };
    const denoised = await denoise(run);
    assertPainted(denoised, model);
    await pause(); // the last call is taken down
    if (model.report.residency === 'in_turn') await context.controls.release();
    return denoised;
  });
}

/** Units that count; the denoiser is loaded so that it takes what they add. */
async function controlsOf(
  { inputs: { control = [], latent: size } }: SampleTask,
  model: Model,
  { controls, pause }: OperationContext,
): Promise<PreparedControls | undefined> {
  const { activations = model.report.activations } = model.shapeOf(model.traits.parts.denoiser);
  return prepareControls(control, { model, size, controls, activations, pause });
}

/** What its model calls depend on: no others are taken for them. */
function pictureKey({ key }: SampleTask, { report, device, isWide, traits }: Model): string {
  const { provider, adapter } = device;
  const { plan, activations, isWidened = false } = report;
  const precision = [plan, activations, isWide(traits.parts.denoiser), isWidened];
  return sha256(new TextEncoder().encode(JSON.stringify([3, key, ...precision, provider, adapter])));
}

/** Differential diffusion wants every level of the mask. */
const CELLS: Readonly<Record<MaskMode, LatentMaskWay>> = {
  differential: 'soft',
  a1111: 'a1111',
  comfyui: 'comfyui',
  diffusers: 'diffusers',
};

const tooThin = ({ traits: { latentFactor } }: Model): string =>
  `The mask is too thin or too faint for this model, which paints in cells of ${latentFactor} pixels: nothing of it was repainted.`;

/** @param mask  in cells */
function planOf({ settings, inputs: { latent } }: SampleTask, model: Model, mask?: Float32Array): SamplingPlan {
  const { noise, latentChannels, latentFactor, optimisedFor } = model.traits;
  return planSampling({
    settings,
    noiseConfig: noise,
    optimisedFor,
    latentDims: [latentChannels, latent.height, latent.width],
    latentFactor,
    latent: latent.data,
    ...(mask && { mask }),
    seesMask: seesMask(model),
  });
}

/** What the denoiser is told of sizes: original height and width, crop top and left, target height and width. */
function sizesOf({ inputs: { latent } }: SampleTask, { traits }: Model): readonly number[] | undefined {
  const [height, width] = [latent.height * traits.latentFactor, latent.width * traits.latentFactor];
  return traits.tellsSize ? [height, width, 0, 0, height, width] : undefined;
}

interface Denoising {
  task: SampleTask;
  model: Model;
  context: OperationContext;
  plan: SamplingPlan;
  /** The step that was reported last. */
  steps: { reported: number };
  runUnet: UnetRunner;
  unseen?: DenoiserOptions['unseen'];
  unitsAt?: DenoiserOptions['unitsAt'];
  replay: Replay;
  against: SampleTask['inputs']['negative'];
}

/** Of models that edit no picture: a workflow may bring along what has no share. */
function readsNegative({ settings: { sampler, cfgScale }, inputs: { positive } }: SampleTask): boolean {
  const { needsUncond = false, cfgScaleFactor = 1 }: SamplerEntry = SAMPLERS[sampler];
  const weights = positive.parts.map(({ weight }) => weight);
  return needsUncond || usesNegative(weights, cfgScale * cfgScaleFactor);
}

async function denoise(denoising: Denoising): Promise<Float32Array> {
  const { task, model, context, plan, steps, runUnet, unseen, unitsAt, replay, against } = denoising;
  const { onEvent, ports } = context;
  const [, height, width] = plan.latentDims;
  const preview = await createPreview(model, { height, width }, ports.now);
  const clock = new StepClock(plan.reports, ports.now);
  const prediction = PREDICTIONS[model.traits.noise.predictionType];
  const guidance = guidanceOf(task.inputs.positive, against);
  const more = { ...(unseen && { unseen }), ...(unitsAt && { unitsAt }) };
  const denoiser = createDenoiser({ runUnet, prediction, guidance, plan, replay, ...more });
  const { masking } = plan;
  const run = {
    x: plan.start(),
    sigmas: plan.sigmas,
    model: plan.schedule,
    noise: () => plan.noise(),
    brownian: plan.brownian,
    onStep: async ({ index, denoised, isAgain = false }: Told) => {
      steps.reported = index;
      if (isAgain || replay.isRecalling) return; // told when it was made
      const shown = await preview(denoised);
      onEvent({
        type: 'step',
        step: index + 1,
        steps: plan.reports,
        secondsLeft: clock.secondsLeft(index + 1),
        ...(shown ? { preview: shown } : {}),
        ...(task.pass === undefined ? {} : { pass: task.pass }),
      });
    },
  };
  const speed = SPEEDS[task.settings.speed];
  const wrap = (plain: Pick<Denoiser, 'denoise' | 'denoiseBoth'>) => (masking ? maskedDenoiser(plain, masking) : plain);
  if (speed.share === 1) {
    const latent = await runSampler(plan.sampler, { ...run, ...wrap(denoiser) }, plan.options);
    return masking ? masking.end(latent) : latent;
  }
  const { ask, keyAt } = denoiser;
  const onBegin = () => void (steps.reported = -1);
  const { latent, calls, made } = await runWithForecasts(
    plan.sampler,
    { ...run, ask, keyAt, wrap, onBegin },
    { options: plan.options, speed },
  );
  onEvent({ type: 'forecasts', calls, made });
  return masking ? masking.end(latent) : latent;
}

interface Told {
  index: number;
  denoised: Float32Array;
  isAgain?: boolean;
}
