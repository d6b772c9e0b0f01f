/** The denoiser as it is asked in each call: for the whole or tile by tile, without the picture that is edited, and for the parts that texts are for. */
import { usesNegative, type Area } from '../../../core/guidance';
import { cutTile } from '../../../core/image';
import type { LatentSize } from '../../../core/networks';
import { SAMPLERS, type SamplerEntry } from '../../../core/samplers';
import type { EventListener } from '../../api';
import type { Model } from '../../models/model';
import type { Session } from '../../ports';
import type { Task } from '../implementation';
import type { PreparedControls } from './controls';
import type { DenoiserOptions } from './denoiser';
import { areaKey, type PlacedGuides } from './guides';
import type { ImageCondition } from './image-condition';
import type { Inside } from './inside';
import { createTiledRunner, type Tiling } from './tiled-runner';
import { toldNumbers } from './told-numbers';
import { createUnetRunner, type UnetRunner, type UnetRunnerOptions } from './unet-runner';

type SampleTask = Task<'sample'>;

export type Runners = Pick<DenoiserOptions, 'runUnet' | 'unseen' | 'unitsAt' | 'guides'>;

interface Asking {
  network: Session;
  tiling: Tiling | undefined;
  inside: Inside | undefined;
  /** Texts for parts of the picture, and these. */
  placed: PlacedGuides | undefined;
  areas: readonly Area[];
  /** For each tile, or for the whole and each area. */
  controls: readonly PreparedControls[] | undefined;
  image: ImageCondition | undefined;
  /** The step that was reported last. */
  steps: { reported: number; steps: number };
  sigmaOf(timestep: number): number;
  /** Awaited before each run. */
  pause(): Promise<void>;
  onEvent: EventListener;
}

export function runnersOf(task: SampleTask, model: Model, asking: Asking): Runners {
  const { tiling, placed, areas, controls, image, steps, sigmaOf } = asking;
  const { latent: size } = task.inputs;
  const common = commonOf(task, model, asking);
  const ofAreas = new Map(areas.map((area, i) => [areaKey(area), controls?.[i + 1]]));
  /** @param channels  that it sees beside the latent */
  const runnerOf = (channels?: Float32Array): UnetRunner =>
    tiling
      ? createTiledRunner(size, tiling, (tile, i) =>
          createUnetRunner({
            ...common(tile, controls?.[i]),
            imageCondition: channels && cutTile(channels, size, tile),
          }),
        )
      : createUnetRunner({ ...common(size, controls?.[0]), imageCondition: channels });
  const runUnet = runnerOf(image?.channels);
  const guides = guidesOf(task, placed, (area) =>
    createUnetRunner({
      ...common(area, ofAreas.get(areaKey(area))),
      imageCondition: image && cutTile(image.channels, size, area),
    }),
  );
  const { imageCfgScale: scale } = task.settings;
  const unseen = image?.isEdited &&
    scale !== 1 && { scale, runUnet: runnerOf(new Float32Array(image.channels.length)) };
  const control = controls?.[0];
  return {
    runUnet,
    ...(unseen && { unseen }),
    ...(control && { unitsAt: (sigma: number) => control.acting({ ...steps, sigma }, sigmaOf) }),
    ...(guides && {
      guides: { ...guides, runnerFor: (area: Area | undefined) => (area ? guides.runnerFor(area) : runUnet) },
    }),
  };
}

/** What runners of all parts have alike. */
function commonOf(task: SampleTask, model: Model, { network, inside, steps, sigmaOf, pause, onEvent }: Asking) {
  const tell = tellOf(task, model);
  const factors = model.changes.factorsOf(model.traits.parts.denoiser);
  return (area: LatentSize, control: PreparedControls | undefined): UnetRunnerOptions => ({
    network,
    ...(control && {
      control: {
        tellsRowsApart: control.tellsRowsApart,
        maps: (step: Parameters<PreparedControls['maps']>[0]) => control.maps(step),
        at: (sigma: number) => ({ ...steps, sigma }),
        sigmaOf,
      },
    }),
    size: area,
    inside: inside && ((rows: Parameters<typeof inside>[0], sigma: number) => inside(rows, { sigma, sigmaOf })),
    tell,
    factors,
    beforeRun: pause,
    afterRun: () => onEvent({ type: 'call' }),
  });
}

/** Undefined where each side has one text at most that counts everywhere. @param create  for a part of the latent; each once */
function guidesOf(
  { settings, inputs: { latent } }: SampleTask,
  placed: PlacedGuides | undefined,
  create: (area: Area) => UnetRunner,
) {
  if (!placed) return undefined;
  const { negative, ...sides } = placed;
  const runners = new Map<string, UnetRunner>();
  const runnerFor = (area: Area): UnetRunner => {
    const key = areaKey(area);
    const runner = runners.get(key) ?? create(area);
    runners.set(key, runner);
    return runner;
  };
  const isRead = sides.empty !== undefined || settings.sagScale !== 0 || countsNegative(settings, [1]);
  return { latent, ...sides, negative: isRead ? negative : [], runnerFor };
}

/** What the denoiser is told of the picture. */
function tellOf(
  { inputs: { latent } }: SampleTask,
  { traits: { tells, latentFactor } }: Model,
): UnetRunnerOptions['tell'] {
  const size = { height: latent.height * latentFactor, width: latent.width * latentFactor };
  return tells && ((row) => toldNumbers(tells, size, row));
}

/** Whether the negative prompt is read by models that edit no picture: a workflow may bring along what has no share. */
export function readsNegative({ settings, inputs: { positive, empty } }: SampleTask): boolean {
  if (empty || settings.sagScale !== 0) return true;
  return countsNegative(
    settings,
    positive.parts.map(({ weight }) => weight),
  );
}

function countsNegative({ sampler, cfgScale, dynthres }: SampleTask['settings'], weights: readonly number[]): boolean {
  const { needsUncond = false, cfgScaleFactor = 1 }: SamplerEntry = SAMPLERS[sampler];
  return needsUncond || dynthres === 'steps' || usesNegative(weights, cfgScale * cfgScaleFactor);
}
