/** One model, or one helper, of a catalogue: JSON to a checked entry. */
import { familyIds, type ModelDefaults } from '../families';
import { ENLARGERS, type EnlargerId } from '../recipe/hires-upscalers';
import { fieldProblem } from '../recipe/problems';
import { isSamplerId } from '../samplers';
import { isScheduleId } from '../schedules';
import type { HelperEntry, KnownAs, ModelEntry, ModelLicence, ModelNeeds, ModelOrigin } from './catalog';
import type { Fields } from './fields';
import { parseOnnxExport } from './parse-onnx-export';

const PLANS = ['float32', 'float16', 'q8', 'q4', 'smallest'] as const;
const KINDS = ['bundled', 'hub', 'url', 'pack', 'imported', 'onnx'] as const;
const COMMERCIAL_USES = ['allowed', 'limited', 'forbidden'] as const;

/** @throws AppError 'bad-file' naming the field */
export function parseModel(entry: Fields): ModelEntry {
  const size = entry.object('size');
  return {
    ...parseCommon(entry),
    ...(entry.has('family') && { family: entry.oneOf('family', familyIds()) }),
    ...(entry.has('plan') && { plan: entry.oneOf('plan', PLANS) }),
    ...(entry.has('needs') && { needs: parseNeeds(entry.object('needs')) }),
    size: { min: size.count('min'), max: size.count('max'), step: size.count('step') },
    defaults: parseDefaults(entry.object('defaults')),
    ...(entry.has('enlarger') && { enlarger: entry.oneOf('enlarger', Object.keys(ENLARGERS) as EnlargerId[]) }),
    suggestions: entry.texts('suggestions'),
    ...(entry.has('knownAs') && { knownAs: parseKnownAs(entry.object('knownAs')) }),
  };
}

function parseKnownAs(known: Fields): KnownAs {
  const hashes = known.texts('hashes');
  if (hashes.some((hash) => !/^([0-9a-f]{8}|[0-9a-f]{10})$/.test(hash)))
    known.fail('hashes', 'must be lists of 8 or 10 small hexadecimal digits');
  return { names: known.texts('names'), hashes };
}

/** @throws AppError 'bad-file' naming the field */
export function parseHelper(entry: Fields): HelperEntry {
  return {
    ...parseCommon(entry),
    role: entry.oneOf('role', ['preview', 'lora', 'control']),
    family: entry.oneOf('family', familyIds()),
    ...(entry.has('promptName') && { promptName: parsePromptName(entry) }),
  };
}

function parseCommon(entry: Fields) {
  return {
    id: parseId(entry),
    name: entry.text('name'),
    description: entry.text('description'),
    licence: parseLicence(entry.object('licence')),
    source: parseSource(entry.object('source')),
    downloadBytes: entry.count('downloadBytes'),
    ...(entry.has('storedBytes') && { storedBytes: entry.count('storedBytes') }),
    ...(entry.flag('isApproximate') && { isApproximate: true }),
  };
}

/** It becomes the name of a file, and stands in a tag. */
function parsePromptName(entry: Fields): string {
  const name = entry.text('promptName');
  return /^[\w.-]{1,80}$/.test(name)
    ? name
    : entry.fail('promptName', 'must be at most 80 letters, digits, dots, dashes and underscores');
}

/** Ids become keys of the storage and parts of locks' names. */
function parseId(entry: Fields): string {
  const id = entry.text('id');
  return /^[a-z0-9][a-z0-9._-]{0,79}$/.test(id)
    ? id
    : entry.fail('id', 'must be at most 80 small letters, digits, dots, dashes and underscores');
}

function parseLicence(licence: Fields): ModelLicence {
  return {
    name: licence.text('name'),
    url: licence.text('url'),
    commercialUse: licence.oneOf('commercialUse', COMMERCIAL_USES),
    mustAccept: licence.flag('mustAccept') ?? false,
  };
}

function parseSource(source: Fields): ModelOrigin {
  const kind = source.oneOf('kind', KINDS);
  switch (kind) {
    case 'bundled':
      return { kind, path: source.text('path') };
    case 'url':
      return { kind, url: source.url('url'), ...(source.has('sha256') && { sha256: parseDigest(source) }) };
    case 'pack':
      return { kind, url: source.url('url') };
    case 'imported':
      return { kind };
    case 'hub':
      return { kind, ...parseRepository(source), ...(source.flag('gated') && { gated: true }) };
    case 'onnx':
      return { kind, ...parseRepository(source), export: parseOnnxExport(source.object('export')) };
  }
}

function parseRepository(source: Fields): { repo: string; revision: string; files: string[] } {
  const [repo, revision, files] = [source.text('repo'), source.text('revision'), source.texts('files')];
  if (!/^[\w.-]+\/[\w.-]+$/.test(repo)) source.fail('repo', 'must be an owner and a name: "owner/name"');
  if (!/^[\w./-]+$/.test(revision)) source.fail('revision', 'must be a commit or the name of a branch');
  if (files.length === 0 || files.some((path) => path.startsWith('/') || path.split('/').includes('..')))
    source.fail('files', 'must be a list of paths within the repository');
  return { repo, revision, files };
}

function parseDigest(source: Fields): string {
  const digest = source.text('sha256');
  return /^[0-9a-f]{64}$/.test(digest) ? digest : source.fail('sha256', 'must be 64 hexadecimal digits');
}

function parseNeeds(needs: Fields): ModelNeeds {
  return {
    ...(needs.flag('shaderF16') && { shaderF16: true }),
    ...(needs.has('bufferBytes') && { bufferBytes: needs.count('bufferBytes') }),
    ...(needs.has('gpuBytes') && { gpuBytes: needs.count('gpuBytes') }),
  };
}

function parseDefaults(defaults: Fields): ModelDefaults {
  const [sampler, schedule] = [defaults.raw('sampler'), defaults.raw('schedule')];
  if (typeof sampler !== 'string' || !isSamplerId(sampler)) return defaults.fail('sampler', 'is not a known sampler');
  if (typeof schedule !== 'string' || !isScheduleId(schedule))
    return defaults.fail('schedule', 'is not a known schedule');
  const number = (field: 'steps' | 'cfgScale' | 'width' | 'height'): number => {
    const problem = fieldProblem(field, defaults.raw(field));
    return problem ? defaults.fail(field, problem) : Number(defaults.raw(field));
  };
  return {
    sampler,
    schedule,
    steps: number('steps'),
    cfgScale: number('cfgScale'),
    width: number('width'),
    height: number('height'),
  };
}
