/** A picture from a picture, as `npm run generate -- --init` asks for it: its request, its workflow, and what goes with it. */
import { PNG } from 'pngjs';
import {
  hashesOf,
  holdsEmbedding,
  isEmbeddingFile,
  readEmbeddings,
  readFacts,
  stemOf,
  type AdapterHashes,
} from '../../src/core/adapters';
import { bytesSource, openTensorFile } from '../../src/core/formats';
import { stripComments } from '../../src/core/prompt/comments';
import { extractNetworks } from '../../src/core/prompt/networks';
import { findAdapter } from '../../src/core/workflow/adapter-nodes';
import type { GivenAdapter } from '../workflow-page/workflow-page';
import manifest from '../../models-manifest.json';
import { parseCatalog, type ModelEntry } from '../../src/core/catalog';
import { pixelHash } from '../../src/core/image/pixel-hash';
import { embedInfotext } from '../../src/core/image/metadata';
import { recipeOf, writeInfotext } from '../../src/core/recipe/infotext';
import { assertRequest } from '../../src/core/recipe/problems';
import {
  BASIC_IDS,
  fieldOf,
  FIELD_DEFAULTS,
  type FieldId,
  type GenerationRequest,
} from '../../src/core/recipe/request';
import { labelled } from '../../src/core/recipe/value-kinds';
import { workflowOf, type Workflow } from '../../src/core/workflow';

/** RGBA, base64. */
interface Image {
  width: number;
  height: number;
  data: string;
}

/** Texts of the command line by setting; what is not there is as the model likes it. */
export type Typed = Readonly<Partial<Record<FieldId | 'model', string | number>>>;

export interface PictureJob {
  workflow: Workflow;
  images: Record<string, Image>;
  seed: number;
  /** With its recipe in it. */
  finish(png: Buffer): Uint8Array;
}

const { models } = parseCatalog(manifest);

/** LoRAs and embeddings of files, under the names that prompts call them by. @throws AppError for what cannot be read */
export async function readAdapters(files: readonly { name: string; bytes: Buffer }[]): Promise<ReadAdapter[]> {
  return Promise.all(
    files.map(async ({ name, bytes }): Promise<ReadAdapter> => {
      const source = bytesSource(name, new Uint8Array(bytes));
      const isPicture = await holdsEmbedding(new Uint8Array(bytes));
      const [first] = isPicture ? await readEmbeddings(source) : [];
      const file = first ? undefined : await openTensorFile(source);
      const kind = !file || isEmbeddingFile(file.tensors) ? 'embedding' : 'lora';
      const alias = file && readFacts(file.metadata).alias;
      const hashes = await hashesOf(file ?? { source, format: undefined, metadata: {} });
      const names = [first?.name ?? stemOf(name), ...(alias === undefined ? [] : [alias])];
      return {
        kind,
        id: `${kind}-${hashes.sha256}`,
        names,
        revision: hashes.sha256,
        hashes,
        data: bytes.toString('base64'),
      };
    }),
  );
}

export type ReadAdapter = GivenAdapter & { hashes: AdapterHashes };

/** Of the LoRAs that tags name: see `Recipe.loraHashes`. */
function hashesIn(prompt: string, loras: readonly ReadAdapter[]): Record<string, string> | undefined {
  const found = extractNetworks(stripComments(prompt)).networks.flatMap(({ name }): [string, string][] => {
    const hashes = findAdapter(name, loras)?.hashes;
    return hashes ? [[name.replace(/[:,]/g, ''), hashes.addnetShort ?? hashes.sha256.slice(0, 12)]] : [];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/** @param files  bytes of PNGs @throws AppError 'bad-request' for what cannot be painted */
export function pictureJob(
  typed: Typed,
  files: { init: Buffer; mask?: Buffer },
  adapters: readonly ReadAdapter[] = [],
): PictureJob {
  const model = findModel(typed.model?.toString());
  const [init, mask] = [readPng(files.init), files.mask && readPng(files.mask)];
  const images = Object.fromEntries([init, ...(mask ? [mask] : [])].map(({ hash, image }) => [hash, image]));
  const request = {
    ...Object.fromEntries(BASIC_IDS.map((id) => [id, FIELD_DEFAULTS[id]])),
    ...model.defaults,
    seed: Math.floor(Math.random() * 2 ** 32),
    ...Object.fromEntries(
      Object.entries(typed).map(([id, text]) => [id, id === 'model' ? text : valueOf(id as FieldId, String(text))]),
    ),
    ...{ model: model.id, initImage: init.hash, ...(mask && { initMask: mask.hash }) },
  } as GenerationRequest;
  if (Number(request.seed) < 0) request.seed = Math.floor(Math.random() * 2 ** 32);
  assertRequest(request, model.size);
  const loras = adapters.filter(({ kind }) => kind === 'lora');
  const loraHashes = hashesIn(request.prompt, loras);
  const text = writeInfotext(recipeOf(request, { model: model.id, ...(loraHashes && { loraHashes }) }));
  return {
    workflow: workflowOf(request, loras),
    images,
    seed: Number(request.seed),
    finish: (png) => embedInfotext(png, text),
  };
}

function findModel(name: string | undefined): ModelEntry {
  const wanted = name?.toLowerCase();
  const found =
    wanted === undefined ? models[0] : models.find((one) => [one.id, one.name.toLowerCase()].includes(wanted));
  if (!found) throw new RangeError(`There is no model "${name}" in the catalogue.`);
  return found;
}

/** What cannot be read stays a text, which the request's check refuses in a sentence. */
function valueOf(id: FieldId, text: string): unknown {
  const field = fieldOf(id);
  switch (field.kind) {
    case 'text':
      return text;
    case 'flag':
      return text === 'true';
    case 'choice':
      return field.find?.(text) ?? labelled(field.choices).read(text) ?? text;
    default:
      return Number(text);
  }
}

function readPng(bytes: Buffer): { hash: string; image: Image } {
  const { width, height, data } = PNG.sync.read(bytes);
  const hash = pixelHash({ width, height, data: Uint8ClampedArray.from(data) });
  return { hash, image: { width, height, data: data.toString('base64') } };
}
