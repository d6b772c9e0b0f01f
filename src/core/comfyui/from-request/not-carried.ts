/** What ComfyUI's own nodes cannot say of a request: a sentence each. */
import { secondPass } from '../../recipe/hires';
import type { Note } from '../../recipe/recipe';
import { sayValue } from '../../recipe/say-value';
import { ADVANCED_DEFAULTS, ADVANCED_IDS, fieldOf, type AdvancedId, type CompleteRequest } from '../../recipe/request';
import { isOfMask, isOfPicture, isOfSoft } from '../../recipe/has-effect';
import { SAMPLERS } from '../../samplers';
import { SCHEDULES } from '../../schedules';
import { namedSchedule } from '../../recipe/named-schedule';
import { DYNTHRES_OFF } from '../dynthres-node';
import { comfySampler, comfyScheduler } from './names';
import { isRedrawn, scaleBefore } from './redrawn';
import { handoverOf, isAllRefined } from './refined-samplers';

/** What the nodes say, and what other sentences tell of. */
const CARRIED: ReadonlySet<AdvancedId> = new Set<AdvancedId>([
  ...(['vae', 'dialect', 'emphasis', 'clipSkip', 'conventions', 'denoisingStrength', 'variationSeed'] as const),
  ...([
    'maskMode',
    'maskedContent',
    'invertMask',
    'hiresScale',
    'hiresAlone',
    'hiresSteps',
    'hiresCfgScale',
    'hiresUpscaler',
  ] as const),
  ...(['tiledMethod', 'tileWidth', 'tileHeight', 'tileOverlap'] as const),
  ...(Object.keys(DYNTHRES_OFF) as AdvancedId[]),
  ...(['mahiro', 'epsScaling'] as const),
  ...(['cfgRescale', 'pagScale', 'sagScale', 'sagBlur', 'freeu', 'freeuB1', 'freeuB2', 'freeuS1', 'freeuS2'] as const),
  ...([
    'shrinkBlock',
    'shrinkFactor',
    'shrinkStart',
    'shrinkEnd',
    'shrinkKeepsSmall',
    'shrinkDown',
    'shrinkUp',
  ] as const),
  ...(['hiresCheckpoint', 'hiresSampler', 'hiresSchedule', 'hiresPrompt', 'hiresNegativePrompt'] as const),
]);

export function notCarried(request: CompleteRequest): Note[] {
  const { sampler, noise, conventions, initImage, initMask, maskMode } = request;
  const hiresUpscaler = request.hiresScale > 1 ? request.hiresUpscaler : '';
  const schedule = namedSchedule(request.schedule, sampler);
  const notes: Note[] = [];
  const say = (key: string, message: string) => notes.push({ key, message });
  const passes = request.hiresScale > 1 ? [{ sampler, schedule }, secondPass(request)] : [{ sampler, schedule }];
  for (const one of passes) {
    if (comfySampler(one.sampler) === undefined)
      say('Sampler', `ComfyUI has no ${SAMPLERS[one.sampler].label}: euler takes its place.`);
    if (comfyScheduler(namedSchedule(one.schedule, one.sampler)) === undefined)
      say('Schedule type', `ComfyUI’s KSampler has no ${SCHEDULES[one.schedule].label}: normal takes its place.`);
  }
  if (noise !== 'comfyui') say('Noise', 'The noise is ComfyUI’s: another picture of the same words.');
  if (conventions !== 'comfyui') say('Sampling rules', 'Steps are ComfyUI’s, which are a little other than A1111’s.');
  const { dynthres, dynthresMimicMode, dynthresCfgMode } = request;
  if (dynthres === 'steps' && [dynthresMimicMode, dynthresCfgMode].some((mode) => mode !== 'constant'))
    say('Dynamic thresholding', 'Its scales change with the noise in ComfyUI, which is not quite by steps.');
  if (hiresUpscaler.endsWith('antialiased')) say('Upscaler', 'A latent is enlarged without antialiasing.');
  if (initMask !== undefined && maskMode !== 'comfyui') say('Masking', 'What is masked is painted as ComfyUI does it.');
  if (initMask !== undefined && request.invertMask) say('Mask', 'The mask is not inverted: what is white is painted.');
  const handover = handoverOf(request);
  if (handover && 'reason' in handover)
    say('Refiner', `The refiner ${request.refinerCheckpoint} is not carried over: ${handover.reason}`);
  if (isAllRefined(request))
    say(
      'Refiner',
      `The refiner ${request.refinerCheckpoint} paints from the first step on: it is the graph’s checkpoint.`,
    );
  if (isRedrawn(request)) {
    const cut = 'tiles are cut and their sizes rounded as the node does it, which is not quite as the script does.';
    say('Ultimate SD upscale', `Another picture, much alike: ${cut}`);
    const before = scaleBefore(request);
    if (before > 1)
      say(
        'Upscale by',
        `The node enlarges by ${request.redrawScale / before} at most: Lanczos by ${before} comes first.`,
      );
  }
  for (const id of ADVANCED_IDS) {
    if (
      fieldOf(id).group === 'refiner' ||
      (fieldOf(id).group === 'redraw' && isRedrawn(request)) ||
      CARRIED.has(id) ||
      request[id] === ADVANCED_DEFAULTS[id] ||
      request[id] === undefined
    )
      continue;
    if ((isOfPicture(id) && initImage === undefined) || (isOfMask(id) && initMask === undefined)) continue;
    if (isOfSoft(id) && maskMode !== 'soft') continue;
    say(fieldOf(id).label, `${fieldOf(id).label} (${sayValue(id, request[id])}) is not carried over.`);
  }
  return notes.filter((note, i) => notes.findIndex(({ message }) => message === note.message) === i);
}
