/** A recipe in one line, and what two recipes differ in. */
import { ADVANCED, ADVANCED_DEFAULTS, type AdvancedId } from '../../core/recipe/advanced';
import { NOISES } from '../../core/noise';
import { SAMPLERS } from '../../core/samplers';
import { SCHEDULES } from '../../core/schedules';
import { advancedFacts } from './advanced-facts';
import { formatSeconds } from './format';
import { ADVANCED_IDS } from '../../core/recipe/has-effect';
import type { Picture } from './picture';

type Labels = Readonly<Record<string, { label: string }>>;

/** What was written by another version of the app may name what this one does not know. */
function labelOf(table: Labels, id: string): string {
  return Object.hasOwn(table, id) ? (table[id]?.label ?? id) : id;
}

export const samplerLabel = (id: string): string => labelOf(SAMPLERS, id);
export const scheduleLabel = (id: string): string => labelOf(SCHEDULES, id);

/** "Seed 7 · Euler · Karras · 8 steps · CFG 4 · 64 × 64 · Starter · 0.5 s". */
export function recipeLine({ request, width, height, modelName, timings }: Picture): string {
  const { seed, sampler, schedule, steps, cfgScale } = request;
  return [
    `Seed ${seed}`,
    samplerLabel(sampler),
    scheduleLabel(schedule),
    steps === 1 ? '1 step' : `${steps} steps`,
    `CFG ${cfgScale}`,
    `${width} × ${height}`,
    ...advancedFacts(request),
    modelName,
    formatSeconds(timings.totalSeconds),
  ].join(' · ');
}

export interface Difference {
  label: string;
  values: readonly [string, string];
}

/** One for each setting that is not the same in both. */
export function differences(a: Picture, b: Picture): Difference[] {
  const rows: [string, (picture: Picture) => string][] = [
    ['Prompt', ({ request }) => request.prompt],
    ['Negative prompt', ({ request }) => request.negativePrompt],
    ['Model', ({ modelName }) => modelName],
    ['Sampler', ({ request }) => samplerLabel(request.sampler)],
    ['Schedule type', ({ request }) => scheduleLabel(request.schedule)],
    ['Steps', ({ request }) => String(request.steps)],
    ['CFG scale', ({ request }) => String(request.cfgScale)],
    ['Seed', ({ request }) => String(request.seed)],
    ['Size', ({ width, height }) => `${width} × ${height}`],
    ['Noise', ({ request }) => labelOf(NOISES, request.noise)],
    ...ADVANCED_IDS.map((id): [string, (picture: Picture) => string] => [ADVANCED[id].label, advancedValue(id)]),
    ['Computed by', ({ device }) => device.adapter],
    ['Time', ({ timings }) => formatSeconds(timings.totalSeconds)],
  ];
  return rows
    .map(([label, read]): Difference => ({ label, values: [read(a), read(b)] }))
    .filter(({ values }) => values[0] !== values[1]);
}

function advancedValue(id: AdvancedId): (picture: Picture) => string {
  return ({ request }) => String(request[id] ?? ADVANCED_DEFAULTS[id] ?? 'Automatic');
}
