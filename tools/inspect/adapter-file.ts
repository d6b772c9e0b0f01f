/** What `adapter` and `delta` open: a file or a folder of PEFT, and the model that it is to change. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { adapterOf, modelShapes, type Adapter, type ModelShapes } from '../../src/core/adapters';
import { openCheckpoint, type TensorReader } from '../../src/core/checkpoints';
import { AppError } from '../../src/core/errors';
import { isFamily, publishedFamilies, type ModelFamily } from '../../src/core/families';
import { openTensorFile, type ByteSource, type TensorFile } from '../../src/core/formats';
import type { ComponentId } from '../../src/core/networks/components';
import { partsOf, type PublishedId } from '../../src/core/networks/published';
import { isAdapted } from '../../src/core/networks/published/layer-names';
import { parsePack, type Pack } from '../../src/core/packs';
import { STARTER_PACK } from '../lib/paths.mjs';
import { UsageError, type Arguments, type OptionSpec } from './arguments';
import { openPath } from './open-path';

export const FAMILY: OptionSpec = {
  value: publishedFamilies().join('|'),
  help: 'for which models (default: what the file tells)',
};
export const MODEL: OptionSpec = { value: 'path', help: 'the model that it is to change: a file or a folder' };

/** adapter_config.json of a folder that PEFT wrote. */
const CONFIG = 'adapter_config.json';

const WEIGHTS = /\.(safetensors|pt|pth|bin|ckpt)$/i;

export interface OpenModel {
  shapes: ModelShapes;
  /** Tensors by the component's id. */
  tensors: ReadonlyMap<string, TensorReader>;
}

export interface Asked {
  source: ByteSource;
  config: unknown;
  family: ModelFamily | undefined;
  model: OpenModel | undefined;
}

/** @throws UsageError for a path where nothing is, or a family that is none */
export async function withAdapter<Answer>(args: Arguments, answer: (asked: Asked) => Promise<Answer>): Promise<Answer> {
  const path = args.text();
  const { sources, dispose } = await openPath(path);
  const modelPath = args.word('model');
  const model = modelPath === undefined ? undefined : await openPath(modelPath);
  try {
    const source = sources.find(({ name }) => WEIGHTS.test(name)) ?? sources[0];
    if (source === undefined) throw new UsageError(`${path}: there is no file of tensors in it.`);
    const hasConfig = sources.some(({ name }) => name === CONFIG);
    const config = hasConfig ? (JSON.parse(await readFile(join(path, CONFIG), 'utf8')) as unknown) : undefined;
    return await answer({ source, config, family: readFamily(args), model: model && (await openModel(model.sources)) });
  } finally {
    await dispose();
    await model?.dispose();
  }
}

/** An AppError as the answer: what a user would read. */
export async function orError(ask: () => Promise<object>): Promise<object> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError && error.code !== 'bad-request') return { error: error.message };
    throw error;
  }
}

export const openAsked = async ({ source, ...asked }: Asked): Promise<Adapter> =>
  ofFile(await openTensorFile(source), asked);

/** Where nothing says for what, and no published model fits, the one that comes with the app may. */
export async function ofFile(file: TensorFile, { config, family, model }: Omit<Asked, 'source'>): Promise<Adapter> {
  const given = { config, ...(family && { family }), ...(model && { model: model.shapes }) };
  if (family || model) return adapterOf(file, given);
  try {
    return await adapterOf(file, given);
  } catch (error) {
    const own = await openPath(STARTER_PACK);
    try {
      return await adapterOf(file, { config, model: (await openModel(own.sources)).shapes }).catch(() => {
        throw error;
      });
    } finally {
      await own.dispose();
    }
  }
}

function readFamily(args: Arguments): ModelFamily | undefined {
  const id = args.word('family');
  if (id === undefined) return undefined;
  if (isFamily(id) && publishedFamilies().includes(id)) return id;
  throw new UsageError(`--family must be one of ${publishedFamilies().join(', ')}, not "${id}".`);
}

async function openModel(sources: readonly ByteSource[]): Promise<OpenModel> {
  const json = sources.find(({ name }) => name === 'pack.json');
  if (json) return ofPack(parsePack(json.name, JSON.parse(new TextDecoder().decode(await json.read(0, json.size)))));
  const { components } = await openCheckpoint(sources);
  const parts = Object.entries(components).flatMap(([id, { config, tensors }]) =>
    partsOf(id as PublishedId, tensors).map((component) => ({ component, config, tensors })),
  );
  return {
    shapes: modelShapes(
      parts.map(({ component, config }) => [component, { file: `${component}/config.json`, config }]),
    ),
    tensors: new Map(parts.map(({ component, tensors }) => [component, tensors])),
  };
}

/** Its weights are not read: `delta` of kinds that need them says so. */
function ofPack({ name, components }: Pack): OpenModel {
  const adapted = (Object.keys(components) as ComponentId[]).filter(isAdapted);
  return {
    shapes: modelShapes(adapted.map((id) => [id, { file: `${name}: ${id}`, config: components[id]?.config }])),
    tensors: new Map(),
  };
}
