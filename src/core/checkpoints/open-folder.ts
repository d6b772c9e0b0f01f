/** Opens the hub's folder of a diffusers pipeline, where each component has files and a config of its own. */
import { AppError } from '../errors';
import type { ByteSource, TensorFile } from '../formats';
import { assemble, type ComponentConfig } from './assemble';
import { scaleOf, type Collected } from './collect';
import type { StoredTensor } from './stored-tensor';
import { publishedRole, type PublishedId } from '../networks/published';
import { whatRuns } from '../families/what-runs';
import type { Folder } from './folder';
import { readJsonSource } from './json-source';
import { currentName } from '../networks/names/diffusers-names';
import { isLeftover } from './place-tensor';
import { openWeightFiles } from './open-files';
import type { OpenedCheckpoint } from './opened';

/** Pipelines that are a U-Net of ours with its text encoders and autoencoder. */
const PIPELINES = /^(StableDiffusion(?!3)|LatentConsistencyModel)\w*$/;

/** @throws AppError */
export async function openFolder(folder: Folder, sources: readonly ByteSource[]): Promise<OpenedCheckpoint> {
  await refuseForeignPipeline(folder, sources);
  const files: TensorFile[] = [];
  const configs: Partial<Record<PublishedId, ComponentConfig>> = {};
  const collected: Collected = { components: new Map(), unknown: [], layouts: new Set() };
  for (const [component, weights] of Object.entries(folder.components) as [
    PublishedId,
    NonNullable<Folder['components'][PublishedId]>,
  ][]) {
    if (weights.files.length === 0)
      throw new AppError(
        'missing-file',
        `${component}: has no weights (.safetensors or .bin file) here; choose them too`,
      );
    const opened = await openWeightFiles(weights.files);
    files.push(...opened);
    if (weights.config)
      configs[component] = { file: `${component}/config.json`, json: await readJsonSource(weights.config) };
    collected.components.set(component, new Map(opened.flatMap(named)));
  }
  collected.layouts.add('diffusers');
  const scheduler = folder.scheduler && (await readJsonSource(folder.scheduler));
  // The first file stands for the whole in messages: all names would be too many.
  return assemble(collected, { files, file: files[0].source.name, configs, scheduler, notes: '' });
}

function named(file: TensorFile): [string, StoredTensor][] {
  return [...file.tensors]
    .filter(([key]) => !isLeftover(key))
    .map(([key, entry]) => [
      currentName(key),
      { file, key, entry, shape: entry.shape, ...scaleOf({ file, key, entry }) },
    ]);
}

async function refuseForeignPipeline(
  { modelIndex, components }: Folder,
  sources: readonly ByteSource[],
): Promise<void> {
  const index = modelIndex && ((await readJsonSource(modelIndex)) as { _class_name?: unknown });
  const name = index?._class_name;
  const isForeign = typeof name === 'string' ? !PIPELINES.test(name) : false;
  const hasTransformer =
    !(Object.keys(components) as PublishedId[]).some((id) => publishedRole(id) === 'denoiser') &&
    sources.some((source) => /(^|\/)(transformer|prior|decoder)\//.test(source.name));
  if (isForeign || hasTransformer)
    throw new AppError(
      'unsupported-model',
      `${modelIndex?.name ?? sources[0].name}: this is a folder of ${typeof name === 'string' ? `diffusers' ${name}` : 'another kind of model'}; Gesso runs ${whatRuns()}`,
    );
}
