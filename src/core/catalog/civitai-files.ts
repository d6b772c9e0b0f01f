/**
 * What Civitai's API says of a model and its versions: which files there are, and which of them Gesso can use.
 * @see https://developer.civitai.com/site/reference/model-versions
 */
import { AppError } from '../errors';
import type { ModelFamily } from '../families';
import { whatRuns } from '../families/what-runs';
import { familyOfBase } from '../families/recognise';
import type { CivitaiAddress } from './civitai-address';
import { entryWithoutCatalog, idFromName } from './family-defaults';
import type { AddOnRole, ModelEntry } from './catalog';
import type { FoundModels, ModelChoice } from './model-choice';

type Json = Record<string, unknown>;

/** Versions of one model that are offered: the newest come first. */
const MOST_VERSIONS = 12;

const FORMATS = /^(SafeTensor|PickleTensor)$/;
/** What is added to a model, and kept as its file. */
const ADD_ONS: Readonly<Record<string, AddOnRole>> = {
  LORA: 'lora',
  LoCon: 'lora',
  DoRA: 'lora',
  TextualInversion: 'embedding',
};
const KINDS: Readonly<Record<string, string>> = {
  Controlnet: 'a ControlNet',
  VAE: 'an autoencoder (VAE) alone',
  MotionModule: 'a motion module',
  Upscaler: 'an upscaler',
};

/** Of the answer that tells most: a version's, or all versions of a model. */
export function civitaiApiAddress({ site, modelId, versionId }: CivitaiAddress): string {
  return versionId === undefined
    ? `${site}/api/v1/models/${modelId ?? ''}`
    : `${site}/api/v1/model-versions/${versionId}`;
}

/** @throws AppError 'bad-file' where it is something else */
export function readCivitaiAnswer(answer: unknown, address: CivitaiAddress): FoundModels {
  const value = object(answer);
  const isModel = Array.isArray(value['modelVersions']);
  const model = isModel ? value : object(value['model']);
  const versions = (isModel ? (value['modelVersions'] as unknown[]) : [value]).slice(0, MOST_VERSIONS).map(object);
  const name = text(model['name']);
  if (name === undefined || versions.length === 0)
    throw new AppError('bad-file', 'Civitai’s answer names no model; its Download button’s address may do.');
  const kind = text(model['type']) ?? 'Other';
  const page = `${address.site}/models/${String(isModel ? value['id'] : value['modelId'])}`;
  const choices = versions.flatMap((version) => choicesOf(version, { name, kind, page, search: address.search }));
  return { title: `${name} on Civitai`, choices };
}

interface Around {
  name: string;
  kind: string;
  page: string;
  search: string;
}

function choicesOf(version: Json, { name, kind, page, search }: Around): ModelChoice[] {
  const base = text(version['baseModel']) ?? '';
  const family = familyOfBase(base);
  const whole = problemOf(kind, base, family, version);
  const files = (Array.isArray(version['files']) ? version['files'] : []).map(object).filter(isWeights);
  return wanted(files, search).map((file): ModelChoice => {
    const fileName = text(file['name']) ?? `${name}.safetensors`;
    const sizeKB = file['sizeKB'];
    const byteLength = typeof sizeKB === 'number' && sizeKB > 0 ? Math.round(sizeKB * 1024) : undefined;
    const facts = [text(version['name']), base, fileName].filter((word) => word !== undefined && word !== '');
    const about = { name: facts.join(' · '), ...(byteLength !== undefined && { byteLength }) };
    const url = text(file['downloadUrl']);
    const format = text(object(file['metadata'])['format']);
    const problem =
      whole ??
      (url === undefined || !/^https?:\/\//.test(url)
        ? 'Civitai offers no download of it'
        : format !== undefined && !FORMATS.test(format)
          ? `this is in the format ${format}; Gesso reads .safetensors and .ckpt files`
          : undefined);
    if (problem !== undefined || url === undefined) return { ...about, problem: problem ?? '' };
    const digest = text(object(file['hashes'])['SHA256'])?.toLowerCase();
    const source = {
      ...({ kind: 'url', url, name: fileName } as const),
      ...(digest !== undefined && /^[0-9a-f]{64}$/.test(digest) && { sha256: digest }),
    };
    const title = [name, text(version['name'])].join(' ').trim();
    const entry = entryWithoutCatalog(idFromName(fileName), title, family, {
      source,
      ...(byteLength !== undefined && { downloadBytes: byteLength }),
    });
    const licence = { name: 'see its page', url: page };
    return { ...about, entry: { ...entry, page, licence, ...addOnFacts(kind, version) } };
  });
}

function addOnFacts(kind: string, version: Json): Partial<ModelEntry> {
  if (!Object.hasOwn(ADD_ONS, kind)) return {};
  const words = Array.isArray(version['trainedWords'])
    ? version['trainedWords'].flatMap((word) => text(word) ?? [])
    : [];
  return { role: ADD_ONS[kind], ...(words.length > 0 && { triggerWords: words }) };
}

function problemOf(kind: string, base: string, family: ModelFamily | undefined, version: Json): string | undefined {
  if (kind !== 'Checkpoint' && !Object.hasOwn(ADD_ONS, kind))
    return `this is ${KINDS[kind] ?? `of the kind “${kind}”`}, which cannot be used yet`;
  if (base !== '' && base !== 'Other' && family === undefined)
    return `this is made for ${base}; Gesso runs ${whatRuns()}`;
  const control = text(version['usageControl']);
  return control === undefined || control === 'Download' ? undefined : 'its maker does not let it be downloaded';
}

function isWeights(file: Json): boolean {
  return file['type'] === undefined || file['type'] === 'Model' || file['type'] === 'Pruned Model';
}

/** What a Download button's address asks for; all of them where it says nothing. The main file first. */
function wanted(files: readonly Json[], search: string): Json[] {
  const asked = [...search.matchAll(/[?&](type|format|size|fp)=([^&]*)/g)];
  const fits = (file: Json): boolean =>
    asked.every(([, key = '', value = '']) => {
      const has = key === 'type' ? file['type'] : object(file['metadata'])[key];
      return has === undefined || has === null || has === decodeURIComponent(value.replace(/\+/g, ' '));
    });
  const fitting = asked.length === 0 ? files : files.filter(fits);
  const sorted = (fitting.length === 0 ? files : fitting).toSorted(
    (a, b) => Number(b['primary'] === true) - Number(a['primary'] === true),
  );
  return asked.length === 0 ? sorted : sorted.slice(0, 1);
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
