/** A graph of ComfyUI as `npm run generate -- --workflow` runs it: its workflow, what goes with it, and its files. */
import manifest from '../../models-manifest.json';
import { parseCatalog, type ModelEntry } from '../../src/core/catalog';
import { BUILT_IN_CONTROL } from '../../src/core/catalog/built-in-control';
import { BUILT_IN_UPSCALER } from '../../src/core/catalog/built-in-upscaler';
import {
  bareName,
  comfyFileNames,
  comfyTexts,
  compilePrompt,
  openComfyFile,
  sizeFitter,
  textPreparer,
  toPrompt,
  validatePrompt,
  type ApiPrompt,
  type ModelFolder,
} from '../../src/core/comfyui/workflows';
import { AppError } from '../../src/core/errors';
import { embedPngText } from '../../src/core/image/metadata';
import { fileStem } from '../../src/core/recipe/own-vae';
import type { Workflow } from '../../src/core/workflow';
import { findAdapter } from '../../src/core/workflow/adapter-nodes';
import { comfyInfotext } from './comfy-infotext';
import { toImage, type Image } from './picture-job';
import type { ReadAdapter } from './read-adapters';
import { readPicture } from './read-picture';

export interface ComfyJob {
  workflow: Workflow;
  images: Record<string, Image>;
  /** A name for each picture, as ComfyUI numbers them; may have folders. */
  names: string[];
  /** What is done in another way than the file says: a sentence each. */
  lines: string[];
  /** The PNG with prompt and workflow in it, as ComfyUI writes them, and the recipe where the graph is one. */
  finish(png: Uint8Array): Uint8Array;
}

export interface AtHand {
  /** That was added, and its file's name. */
  model?: ModelEntry;
  fileName?: string;
  adapters: readonly ReadAdapter[];
  /** Bytes of a file beside the workflow; undefined where there is none. */
  read(name: string): Uint8Array | undefined;
}

const { models } = parseCatalog(manifest);

/** @throws AppError 'bad-request' for what cannot be run, 'bad-file' for what is no workflow */
export async function openComfyJob(bytes: Uint8Array, atHand: AtHand, now = new Date()): Promise<ComfyJob> {
  const { format, document, prompt: ran } = openComfyFile(bytes);
  const prepare = textPreparer(document, { random: Math.random, now });
  const prompt = format === 'api' && ran ? ran : toPrompt(document, { prepare });
  const pictures = await picturesOf(prompt, atHand);
  const model = atHand.model ?? models[0];
  const lines = new Set<string>();
  const { problems, outputs } = validatePrompt(prompt);
  const fitSize = isNamed(prompt, model, atHand) ? undefined : sizeFitter(model, (line) => lines.add(line));
  const compiled = compilePrompt(prompt, outputs, {
    find: (folder, name) => find(folder, name, { ...atHand, model, pictures, lines }),
    sizeOf: (hash) => [...pictures.values()].find((one) => one.hash === hash)?.image,
    ...(fitSize && { fitSize }),
  });
  const sentences = [...problems, ...compiled.problems].map(({ message }) => message);
  const { workflow } = compiled;
  if (!workflow) throw new AppError('bad-request', sentences.join('\n') || 'The workflow saves nothing.');
  // The recipe nearest to a graph may have a size that the graph has not: nothing is said of that.
  const quietly = fitSize && sizeFitter(model, () => undefined);
  const infotext = comfyInfotext(prompt, workflow, { model, ...(quietly && { fitSize: quietly }) });
  const texts: Record<string, string> = {
    ...comfyTexts(prompt, format === 'ui' ? document : undefined),
    ...(infotext !== undefined && { parameters: infotext }),
  };
  return {
    workflow,
    images: Object.fromEntries([...pictures.values()].map(({ hash, image }) => [hash, image])),
    names: comfyFileNames(compiled.pictures, now),
    lines: [...lines, ...compiled.notices, ...sentences],
    finish: (png) => Object.entries(texts).reduce((file, [key, text]) => embedPngText(file, key, text), png),
  };
}

interface Shelf extends AtHand {
  model: ModelEntry;
  pictures: ReadonlyMap<string, { hash: string }>;
  lines: Set<string>;
}

function find(folder: ModelFolder | 'input', name: string, shelf: Shelf): string | undefined {
  const { adapters, model, pictures, lines } = shelf;
  if (folder === 'input') return pictures.get(name)?.hash;
  if (folder === 'loras')
    return findAdapter(
      fileStem(name),
      adapters.filter(({ kind }) => kind === 'lora'),
    )?.id;
  if (folder === 'upscale_models') {
    const { id, name: own } = BUILT_IN_UPSCALER;
    if (![id, own].includes(fileStem(name))) lines.add(`${name} is not here: ${own} stands in for it.`);
    return id;
  }
  if (folder === 'controlnet')
    return bareName(name) === bareName(BUILT_IN_CONTROL.id) ? BUILT_IN_CONTROL.id : undefined;
  if (folder !== 'checkpoints' && folder !== 'diffusion_models') return undefined;
  if (!isCalled(name, shelf)) lines.add(`${name} is not here: ${model.name} stands in for it.`);
  return model.id;
}

const isCalled = (name: string, { model, fileName }: { model: ModelEntry; fileName?: string }): boolean =>
  [model.id, model.name, ...(fileName === undefined ? [] : [fileStem(fileName)])].some(
    (one) => bareName(one) === bareName(name),
  );

const isNamed = (prompt: ApiPrompt, model: ModelEntry, { fileName }: AtHand): boolean =>
  Object.values(prompt).every(({ inputs: { ckpt_name, unet_name: name = ckpt_name } }) => {
    return typeof name !== 'string' || isCalled(name, { model, ...(fileName !== undefined && { fileName }) });
  });

/** Pictures that nodes load, by the names that they say. */
async function picturesOf(prompt: ApiPrompt, { read }: AtHand) {
  const found = new Map<string, { hash: string; image: Image }>();
  for (const { class_type: type, inputs } of Object.values(prompt)) {
    const name = /^LoadImage/.test(type) ? inputs['image'] : undefined;
    if (typeof name !== 'string' || found.has(name)) continue;
    const bytes = read(name.replace(/ \[(input|output|temp)\]$/, ''));
    if (bytes) found.set(name, toImage(await readPicture(bytes)));
  }
  return found;
}
