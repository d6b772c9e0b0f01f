/** From noise, or a latent with noise, to a latent without: the denoising loop. */
import { latentMask, type LatentMaskWay } from '../../core/image/masks';
import type { MaskMode } from '../../core/masking';
import type { Area } from '../../core/guidance';
import { SPEEDS } from '../../core/speed';
import { sha256 } from '../../core/math/sha256';
import type { Model } from '../models/model';
import { CallRecord, Replay } from '../run/call-record';
import { StepClock } from '../run/step-clock';
import type { ModelCall } from '../ports';
import {
  oneByOne,
  type Begun,
  type Implementation,
  type OperationContext,
  type PlanBasis,
  type Task,
} from './implementation';
import { AroundGuidance } from './sampling/around-guidance';
import { assertMaps, assertSeen } from './sampling/assert-together';
import { createDenoiser, type DenoiserOptions } from './sampling/denoiser';
import { prepareControls, type PreparedControls } from './sampling/controls';
import { insideOf } from './sampling/inside';
import { areasOf, placeGuides, type PlacedGuides } from './sampling/guides';
import { askedBy, commonBasis, Handover, modelAt } from './sampling/handover';
import { imageCondition } from './sampling/image-condition';
import { keptColours } from './sampling/kept-colours';
import { createPreview } from './sampling/preview';
import { runWithSpeed } from './sampling/run-with-speed';
import { readsNegative, runnersOf, type Runners } from './sampling/runners';
import { sampledPrediction } from './sampling/sampled-model';
import { planSampling, type SamplingPlan } from './sampling/sampling-plan';
import { assertWhole, tilingOf, type Tiling } from './sampling/tiled-runner';
import { assertPainted, inSoundPrecision } from './sound-precision';
import { guidanceOf } from './text/conditioning';
import { contextOf } from './text/plain-conditioning';

type SampleTask = Task<'sample'>;

export const sample: Implementation<'sample'> = {
  stage: 'denoising',
  isKeptForGraphs: true,
  run: oneByOne(async (task, context) => {
    const { begun } = task.inputs;
    if (begun?.painted) return { outputs: { ...begun.painted, begun, painter: begun.painter } };
    const model = await context.models.get(task.inputs.model);
    const { height, width } = task.inputs.latent;
    const { latent, denoised, kept, left, notices } = await paint(task, model, context);
    const cells = { height, width, factor: model.traits.latentFactor };
    const painted = {
      latent: { ...cells, data: latent },
      denoised: { ...cells, data: denoised },
      kept: { ...cells, data: kept },
    };
    const basis = commonBasis(begun, model);
    const painter = task.inputs.model;
    return {
      outputs: { ...painted, begun: { basis, painter, ...(left ?? { calls: [], keys: new Map(), painted }) }, painter },
      notices,
    };
  }),
};

/** @throws AppError 'not-a-number', 'bad-request' for what only the model can refuse, or what the runtime throws */
async function paint(task: SampleTask, model: Model, context: OperationContext): Promise<Painted> {
  const { latent: size, sigmas } = task.inputs;
  if (sigmas?.length === 0) return untouched(task, model);
  const { onEvent, unfinished, isOver } = context;
  const { denoiser } = model.traits.parts;
  const { picture, mask } = task.inputs;
  const image = await imageCondition(model, size, {
    picture: picture && { ...task.settings, ...picture, mask },
    onEvent,
    pause: () => context.pause(),
  });
  const notices: string[] = image?.notice === undefined ? [] : [image.notice];
  const cells = mask && !task.settings.isShown ? latentMask(mask, size, CELLS[task.settings.maskMode]) : undefined;
  if (cells?.every((level) => level === 0)) notices.push(tooThin(model));
  let replay: Replay | undefined;
  const { begun } = task.inputs;
  const basis = commonBasis(begun, model);
  const pause = async (): Promise<void> => {
    await context.ports.breathe();
    replay?.settle(); // by now a loss of the device would be known
    unfinished?.keep();
    context.check();
  };
  return inSoundPrecision({ model, onEvent }, 'denoiser', async () => {
    if (replay) unfinished?.done(); // in a precision that was not enough
    const record = await unfinished?.open(pictureKey(task, model));
    const handover = new Handover('Another model goes on.');
    const answered: ModelCall[] | undefined = task.settings.switchAt >= 0 && !begun ? [] : undefined;
    replay = new Replay(record ?? new CallRecord(), isOver, { before: begun?.calls, answered });
    const tiling = tilingOf(task.settings, size);
    assertWhole(tiling, task.inputs.guides !== undefined);
    assertSeen(task, tiling);
    const inside = insideOf(task.settings, model);
    const placed = placedOf(task);
    const areas = placed ? areasOf(placed) : [];
    assertMaps(task, model);
    const controls = await controlsOf(task, model, context, { tiling, areas });
    const plan = planOf(task, basis, cells);
    const asked = begun ? askedBy(model, plan, task.settings) : plan;
    const steps = { reported: -1, steps: plan.sigmas.length - 1 };
    const network = await model.components.get(denoiser, model.changes.shapeOf(denoiser));
    const asking = { network, tiling, inside, placed, areas, controls, image, pause, onEvent };
    const runners = runnersOf(task, model, { ...asking, steps, sigmaOf: (t) => asked.schedule.tToSigma(t) });
    // Its noise from the start, each time.
    const against = image?.isEdited || readsNegative(task) ? task.inputs.negative : undefined;
    const which = modelAt(task.settings, plan, { begun, handover });
    const firstKeys = new Map(begun?.keys);
    const switching = which && { modelAt: which, firstKeys };
    const run = { task, model, context, plan, asked, steps, replay, against, notices, switching, ...runners };
    const painted = await denoise(run).catch((error: unknown) => stopped(error, handover, plan));
    assertPainted(painted.latent, model);
    await pause(); // the last call is taken down
    if (model.report.residency === 'in_turn') await context.controls.release();
    return {
      ...painted,
      notices,
      ...(painted.isStopped && answered && { left: { calls: answered, keys: firstKeys } }),
    };
  });
}

/** What is there where the other model's turn has come: a latent with noise. */
function stopped(error: unknown, { x }: Handover, { kept }: SamplingPlan): Denoised {
  if (!(error instanceof Handover) || !x) throw error;
  return { latent: x, denoised: x, kept: kept ?? x, isStopped: true };
}

interface Painted extends Denoised {
  /** What was left out, a sentence each. */
  notices: readonly string[];
  /** All that the model answered, where another goes on. */
  left?: Pick<Begun, 'calls' | 'keys'>;
}

interface Denoised {
  latent: Float32Array;
  /** What the last step took for the picture. */
  denoised: Float32Array;
  /** Latent of what it started from, where only a part of that was painted. */
  kept: Float32Array;
  /** Another model goes on. */
  isStopped?: boolean;
}

/** The latent as it is, where no step is taken. */
function untouched({ inputs: { latent } }: SampleTask, { traits: { latentChannels } }: Model): Painted {
  const data = latent.data ?? new Float32Array(latentChannels * latent.height * latent.width);
  return { latent: data, denoised: data, kept: data, notices: [] };
}

/** Units that count, for each tile, or for the whole and each area; the denoiser is loaded so that it takes what they add. */
async function controlsOf(
  { inputs: { control = [], latent: size } }: SampleTask,
  model: Model,
  { controls, pause }: OperationContext,
  { tiling, areas }: { tiling: Tiling | undefined; areas: readonly Area[] },
): Promise<PreparedControls[] | undefined> {
  const { activations = model.report.activations } = model.changes.shapeOf(model.traits.parts.denoiser);
  const parts = { tiles: tiling?.tiles ?? [{ x: 0, y: 0, ...size }, ...areas], fitsTiles: areas.length > 0 };
  return prepareControls(control, { model, size, controls, activations, pause, ...parts });
}

/** What its model calls depend on: no others are taken for them. */
function pictureKey({ key }: SampleTask, { report, device, isWide, traits }: Model): string {
  const { provider, adapter } = device;
  const { plan, activations, isWidened = false, packsKernels = false } = report;
  const kernels = packsKernels ? ['kernels in 8 bits'] : [];
  const precision = [plan, activations, isWide(traits.parts.denoiser), isWidened, ...kernels];
  return sha256(new TextEncoder().encode(JSON.stringify([3, key, ...precision, provider, adapter])));
}

/** Differential diffusion and soft inpainting want every level of the mask. */
const CELLS: Readonly<Record<MaskMode, LatentMaskWay>> = {
  differential: 'soft',
  a1111: 'a1111',
  soft: 'soft',
  comfyui: 'comfyui',
  diffusers: 'diffusers',
};

const tooThin = ({ traits: { latentFactor } }: Model): string =>
  `The mask is too thin or too faint for this model, which paints in cells of ${latentFactor} pixels: nothing of it was repainted.`;

/** @param mask  in cells of the latent */
function planOf(
  { settings, inputs: { latent, sigmas } }: SampleTask,
  { noise, latentChannels, latentFactor, optimisedFor, seesMask }: PlanBasis,
  mask?: Float32Array,
): SamplingPlan {
  return planSampling({
    settings,
    noiseConfig: noise,
    optimisedFor,
    latentDims: [latentChannels, latent.height, latent.width],
    latentFactor,
    latent: latent.data,
    ...(sigmas && { sigmas }),
    ...(mask && { mask }),
    seesMask,
  });
}

interface Denoising extends Runners {
  task: SampleTask;
  model: Model;
  context: OperationContext;
  plan: SamplingPlan;
  /** The same with the model's own schedule, where it did not begin the run. */
  asked: SamplingPlan;
  /** The step that was reported last. */
  steps: { reported: number };
  switching?: Pick<DenoiserOptions, 'modelAt' | 'firstKeys'> | undefined;
  replay: Replay;
  against: SampleTask['inputs']['negative'];
  /** What was left out so far. */
  notices: string[];
}

async function denoise(denoising: Denoising): Promise<Denoised> {
  const { task, model, context, plan, asked, steps, runUnet, unseen, unitsAt, guides, replay, against } = denoising;
  const { onEvent, ports } = context;
  const { switching, notices } = denoising;
  const [, height, width] = plan.latentDims;
  const preview = await createPreview(model, { height, width }, ports.now);
  const clock = new StepClock(plan.reports, ports.now);
  const prediction = sampledPrediction(model.traits.noise, task.settings, asked.schedule);
  const guidance = guidanceOf(task.inputs.positive, against);
  const options = { ...(unseen && { unseen }), ...(unitsAt && { unitsAt }), ...switching };
  const more = { ...options, ...(guides && { guides }), ...weaker(task) };
  const around = new AroundGuidance(task.settings);
  const { latent: size, control = [] } = task.inputs;
  const denoiser = createDenoiser({
    runUnet,
    keepColours: keptColours(control, size),
    prediction,
    guidance,
    plan: asked,
    replay,
    around,
    latent: size,
    ...more,
  });
  let last: Float32Array | undefined;
  const { masking } = plan;
  const run = {
    x: plan.start(),
    sigmas: plan.sigmas,
    model: plan.schedule,
    noise: () => plan.noise(),
    brownian: plan.brownian,
    onStep: async ({ index, denoised, isAgain = false }: Told) => {
      steps.reported = index;
      last = denoised;
      if (isAgain || replay.isRecalling) return; // told when it was made
      const { isTile } = task.settings;
      const shown = isTile ? undefined : await preview(denoised);
      onEvent({
        type: 'step',
        step: index + 1,
        steps: plan.reports,
        secondsLeft: clock.secondsLeft(index + 1),
        ...(shown ? { preview: shown } : {}),
        ...(task.pass === undefined ? {} : { pass: { ...task.pass, ...(isTile && { isTile }) } }),
      });
    },
  };
  const told = { steps, onEvent, notices };
  const sampled = await runWithSpeed(SPEEDS[task.settings.speed], { run, denoiser, around, plan, ...told });
  const latent = masking ? masking.end(sampled) : sampled;
  return { latent, denoised: last ?? latent, kept: plan.kept ?? latent };
}

/** Guidance beside that by two texts. */
function weaker({ settings, inputs: { empty } }: SampleTask): Pick<DenoiserOptions, 'perp' | 'self'> {
  const { pagScale, sagScale, perpScale: negativeScale } = settings;
  return {
    ...(empty && { perp: { empty: contextOf(empty), negativeScale } }),
    ...((pagScale !== 0 || sagScale !== 0) && { self: settings }),
  };
}

/** Undefined where each side has one text at most that counts everywhere. */
function placedOf({ settings, inputs: { guides, latent, empty } }: SampleTask): PlacedGuides | undefined {
  const blank = empty && { context: contextOf(empty), isApart: settings.perpIsApart };
  return guides && placeGuides(guides, latent, blank);
}

interface Told {
  index: number;
  denoised: Float32Array;
  isAgain?: boolean;
}
