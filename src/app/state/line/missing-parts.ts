/** Files that a failed request names and that are not here, and what can take their place. Fetched when a picture failed for want of one. */
import { FIELDS } from '../../../core/recipe/fields';
import { asksForOther } from '../../../core/recipe/hires';
import { asksForRefiner } from '../../../core/recipe/refiner';
import { ENLARGERS, HIRES_UPSCALERS, ownUpscalers } from '../../../core/recipe/hires-upscalers';
import { namesOfFile } from '../../../core/recipe/own-vae';
import { ADVANCED_DEFAULTS, fieldOf, type GenerationRequest } from '../../../core/recipe/request';
import { findFile } from '../../../core/workflow/adapter-nodes';
import { findCheckpoint } from '../library/find-checkpoint';
import type { ModelLibrary } from '../library/library.svelte';
import { namesOf } from '../settings/open-choices';
import type { Job } from './job';
import type { Studio } from '../studio.svelte';

type PartId = 'hiresCheckpoint' | 'refinerCheckpoint' | 'hiresUpscaler' | 'enlarger';

export interface MissingPart {
  id: PartId;
  /** Label of its control in the form. */
  label: string;
  /** As the request calls it. */
  name: string;
  /** What takes its place by one press, and what that press says. */
  spare: { value: string; label: string };
  /** What else is here. */
  others: Readonly<Record<string, { label: string }>>;
}

type PictureFiles = Pick<ModelLibrary, 'usable' | 'modelFacts' | 'upscalers' | 'vaes' | 'texts'>;

const SPARES = {
  hiresCheckpoint: { value: 'same', label: 'Use the same model' },
  refinerCheckpoint: { value: 'none', label: 'Paint without a refiner' },
  hiresUpscaler: { value: 'latent', label: 'Use Latent' },
  enlarger: { value: 'none', label: 'Do not enlarge' },
} as const satisfies Record<PartId, MissingPart['spare']>;

const OWN = {
  hiresCheckpoint: {},
  refinerCheckpoint: {},
  hiresUpscaler: HIRES_UPSCALERS,
  enlarger: ENLARGERS,
} as const;

/** In the order in which they are looked for. */
export function missingParts(request: GenerationRequest, library: PictureFiles): MissingPart[] {
  const settings = { ...ADVANCED_DEFAULTS, ...request };
  const lacks = (name: string): boolean =>
    ownUpscalers(request).includes(name) &&
    findFile(
      name,
      library.upscalers.map((one) => ({ ...one, names: namesOfFile(one) })),
    ) === undefined;
  const isMissing: Record<PartId, boolean> = {
    hiresUpscaler: settings.hiresScale > 1 && lacks(settings.hiresUpscaler),
    enlarger: lacks(settings.enlarger),
    hiresCheckpoint: asksForOther(settings) && !findCheckpoint(settings.hiresCheckpoint, library),
    refinerCheckpoint: asksForRefiner(settings) && !findCheckpoint(settings.refinerCheckpoint, library),
  };
  return (Object.keys(SPARES) as PartId[])
    .filter((id) => isMissing[id])
    .map((id) => {
      const spare = SPARES[id];
      const { label } = fieldOf(id);
      const names = namesOf(id.endsWith('Checkpoint') ? 'models' : 'upscalers', library as ModelLibrary);
      const all: MissingPart['others'] = {
        ...Object.fromEntries(names.map((name) => [name, { label: name }])),
        ...OWN[id],
      };
      const others = Object.fromEntries(Object.entries(all).filter(([value]) => value !== spare.value));
      return { id, label, name: settings[id], spare, others };
    });
}

/** The job, asking for something else in what it has still to make; where a grid varies that, in its values too. */
function changedJob(job: Job, { id, name, others }: MissingPart, value: string): Job {
  const choices: MissingPart['others'] = { ...FIELDS[id].choices, ...others };
  const { request, grid } = job;
  const axes = grid?.axes.map((axis) => ({
    ...axis,
    values: axis.values.map(({ change, label }) =>
      change[id] === name
        ? { change: { ...change, [id]: value }, label: label.replace(name, () => choices[value]?.label ?? value) }
        : { change, label },
    ),
  }));
  // Its cells are known by the grid.
  return {
    ...job,
    request: request[id] === name ? { ...request, [id]: value } : request,
    ...(axes && { grid: { axes } }),
  };
}

/** The failed picture is painted with that; in the form, too, where it asks for the same: Undo brings that back. */
export function paintWith({ settings, form, queue }: Studio, part: MissingPart, value: string): void {
  const { id, label, name } = part;
  if (settings.advanced.get(id) === name)
    form.change(`${label}: ${name} is replaced`, () => settings.advanced.set(id, value));
  queue.resume((job) => changedJob(job, part, value));
}
