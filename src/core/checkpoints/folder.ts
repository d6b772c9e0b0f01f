/** The hub's folder of a diffusers pipeline: which of its files to read. @see diffusers pipelines/pipeline_utils.py, save_pretrained */
import { AppError } from '../errors';
import type { ByteSource } from '../formats';
import { readJsonSource } from './json-source';
import { publishedFolders, type PublishedId } from '../networks/published';

/** "unet/config.json" at any depth, as a picked folder's paths begin with its own name. */
const placePattern = (): RegExp => new RegExp(`(?:^|/)(${[...publishedFolders(), SCHEDULER].join('|')})/([^/]+)$`);

const SCHEDULER = 'scheduler';

interface Weights {
  config: ByteSource | undefined;
  files: ByteSource[];
}

export interface Folder {
  components: Partial<Record<PublishedId, Weights>>;
  scheduler: ByteSource | undefined;
  modelIndex: ByteSource | undefined;
}

/** @returns undefined where the sources are no such folder @throws AppError 'missing-file' when a shard is not there */
export async function readFolder(sources: readonly ByteSource[]): Promise<Folder | undefined> {
  const places = new Map<string, Map<string, ByteSource>>();
  const folders = publishedFolders();
  const pattern = placePattern();
  for (const source of sources) {
    const [, place, file] = pattern.exec(source.name) ?? [];
    if (place === undefined) continue;
    places.set(place, (places.get(place) ?? new Map<string, ByteSource>()).set(file, source));
  }
  if (!folders.some((component) => places.has(component))) return undefined;
  const components: Folder['components'] = {};
  for (const component of folders) {
    const files = places.get(component);
    if (!files) continue;
    components[component] = { config: files.get('config.json'), files: await chooseWeights(component, files) };
  }
  return {
    components,
    scheduler: places.get(SCHEDULER)?.get('scheduler_config.json'),
    modelIndex: sources.find(({ name }) => /(^|\/)model_index\.json$/.test(name)),
  };
}

const WEIGHTS = /^(?:model|pytorch_model|diffusion_pytorch_model)\b(.*)\.(safetensors|bin)$/;
const SHARD = /-(\d{5})-of-(\d{5})/;

/**
 * A folder may hold the same weights several times. Best first: safetensors before pickles, whole precision before
 * variants ("fp16"), and never "non_ema", which is for training on.
 */
async function chooseWeights(component: string, files: ReadonlyMap<string, ByteSource>): Promise<ByteSource[]> {
  const sets = new Map<string, { format: string; variant: string; names: string[] }>();
  for (const name of files.keys()) {
    const [, rest, format] = WEIGHTS.exec(name) ?? [];
    if (rest === undefined) continue;
    const variant = rest.replace(SHARD, '').replace(/^\./, '');
    const key = `${format} ${variant}`;
    const set = sets.get(key) ?? { format, variant, names: [] };
    set.names.push(name);
    sets.set(key, set);
  }
  const rank = ({ format, variant }: { format: string; variant: string }): number =>
    (format === 'safetensors' ? 0 : 4) + (variant === '' ? 0 : variant === 'fp16' ? 1 : variant === 'non_ema' ? 3 : 2);
  const best = [...sets.values()].sort((a, b) => rank(a) - rank(b))[0];
  if (best) {
    assertComplete(component, best.names);
    return best.names.flatMap((name) => files.get(name) ?? []);
  }
  return indexedWeights(component, files);
}

function assertComplete(component: string, names: readonly string[]): void {
  const total = Number(SHARD.exec(names[0])?.[2] ?? 1);
  if (names.length === total) return;
  const have = new Set(names.map((name) => Number(SHARD.exec(name)?.[1])));
  const first = Array.from({ length: total }, (_, i) => i + 1).find((n) => !have.has(n)) ?? 1;
  const missing = names[0].replace(SHARD, `-${String(first).padStart(5, '0')}-of-${String(total).padStart(5, '0')}`);
  throw new AppError(
    'missing-file',
    `${component}/${missing}: is missing; ${names.length} of ${total} parts are here, choose the others too`,
  );
}

/** Shards that have names of their own, which only the index tells. */
async function indexedWeights(component: string, files: ReadonlyMap<string, ByteSource>): Promise<ByteSource[]> {
  const index = [...files].find(([name]) => /\.index(\.\w+)?\.json$/.test(name))?.[1];
  if (!index) return [];
  const { weight_map: map } = (await readJsonSource(index)) as { weight_map?: unknown };
  if (typeof map !== 'object' || map === null)
    throw new AppError('bad-file', `${index.name}: has no "weight_map" that says which file has which tensor`);
  return [...new Set(Object.values(map))].map((name) => {
    const source = typeof name === 'string' ? files.get(name) : undefined;
    if (!source)
      throw new AppError(
        'missing-file',
        `${component}/${String(name)}: is missing; ${index.name} names it, choose it too`,
      );
    return source;
  });
}
