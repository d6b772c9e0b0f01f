/** Types and validation of models-manifest.json: which models there are, where their files lie, what they like. */
import { AppError } from '../errors';
import { isSamplerId, type SamplerId } from '../samplers';
import { isScheduleId, type ScheduleId } from '../schedules';
import { numberProblem, type SizeLimits } from '../request';

export interface ModelDefaults {
  sampler: SamplerId;
  schedule: ScheduleId;
  steps: number;
  cfgScale: number;
  width: number;
  height: number;
}

export interface ModelEntry {
  id: string;
  name: string;
  /** One sentence: what it paints, what it does not. */
  description: string;
  licence: { name: string; url: string };
  /** `bundled`: below the app's own folder, in diffusers layout. */
  source: { kind: 'bundled'; path: string };
  downloadBytes: number;
  defaults: ModelDefaults;
  /** Sizes it may be asked for. */
  size: SizeLimits;
  /** Prompts it does well; offered as chips. */
  suggestions: string[];
}

export interface Catalog {
  version: 1;
  models: ModelEntry[];
}

/** @throws AppError 'bad-file' naming the entry and the field */
export function parseCatalog(value: unknown): Catalog {
  const root = asRecord(value, 'the catalogue');
  if (root['version'] !== 1) fail('version', 'must be 1');
  if (!Array.isArray(root['models']) || root['models'].length === 0)
    fail('models', 'must be a list of at least one model');
  const models = (root['models'] as unknown[]).map((entry, i) => parseEntry(entry, `models[${i}]`));
  const ids = new Set(models.map((m) => m.id));
  if (ids.size !== models.length) fail('models', 'has two entries with the same id');
  return { version: 1, models };
}

function parseEntry(value: unknown, where: string): ModelEntry {
  const entry = asRecord(value, where);
  const source = asRecord(entry['source'], `${where}.source`);
  if (source['kind'] !== 'bundled') fail(`${where}.source.kind`, 'must be "bundled"');
  const licence = asRecord(entry['licence'], `${where}.licence`);
  const size = asRecord(entry['size'], `${where}.size`);
  return {
    id: text(entry, 'id', where),
    name: text(entry, 'name', where),
    description: text(entry, 'description', where),
    licence: { name: text(licence, 'name', `${where}.licence`), url: text(licence, 'url', `${where}.licence`) },
    source: { kind: 'bundled', path: text(source, 'path', `${where}.source`) },
    downloadBytes: count(entry, 'downloadBytes', where),
    size: {
      min: count(size, 'min', `${where}.size`),
      max: count(size, 'max', `${where}.size`),
      step: count(size, 'step', `${where}.size`),
    },
    defaults: parseDefaults(asRecord(entry['defaults'], `${where}.defaults`), `${where}.defaults`),
    suggestions: texts(entry['suggestions'], `${where}.suggestions`),
  };
}

function parseDefaults(defaults: Record<string, unknown>, where: string): ModelDefaults {
  const { sampler, schedule, steps, cfgScale, width, height } = defaults;
  if (typeof sampler !== 'string' || !isSamplerId(sampler)) return fail(`${where}.sampler`, 'is not a known sampler');
  if (typeof schedule !== 'string' || !isScheduleId(schedule))
    return fail(`${where}.schedule`, 'is not a known schedule');
  for (const field of ['steps', 'cfgScale', 'width', 'height'] as const) {
    const problem = numberProblem(field, defaults[field]);
    if (problem) fail(`${where}.${field}`, problem);
  }
  return {
    sampler,
    schedule,
    steps: steps as number,
    cfgScale: cfgScale as number,
    width: width as number,
    height: height as number,
  };
}

function asRecord(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(where, 'must be an object');
  return value as Record<string, unknown>;
}

function text(record: Record<string, unknown>, key: string, where: string): string {
  const value = record[key];
  return typeof value === 'string' && value !== '' ? value : fail(`${where}.${key}`, 'must be text');
}

function texts(value: unknown, where: string): string[] {
  if (!Array.isArray(value) || !value.every((v): v is string => typeof v === 'string'))
    return fail(where, 'must be a list of texts');
  return value;
}

function count(record: Record<string, unknown>, key: string, where: string): number {
  const value = record[key];
  return typeof value === 'number' && Number.isInteger(value) && value > 0
    ? value
    : fail(`${where}.${key}`, 'must be a whole number above 0');
}

function fail(where: string, what: string): never {
  throw new AppError('bad-file', `models-manifest.json: ${where} ${what}`);
}
