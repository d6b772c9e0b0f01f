/** The models within a repository of the hub: whole folders in diffusers layout, single checkpoints, packs. */
import { familyOf, publishedFamilies, type ModelFamily } from '../families';
import { whatRuns } from '../families/what-runs';
import { publishedAs, publishedFolders, type PublishedId } from '../networks/published';
import type { TreeFile } from './hub-files';

export interface HubChoice {
  kind: 'folder' | 'file' | 'pack';
  /** "v1-5-pruned.safetensors"; of a folder its path, '' at the top. */
  path: string;
  /** Paths within the repository. */
  files: string[];
  byteLength: number;
  /** Why it cannot be used: follows its name. */
  problem?: string;
}

/** A component of a pipeline and a file in it. */
const partPattern = (): RegExp => new RegExp(`^(.*?)(${[...publishedFolders(), 'scheduler'].join('|')})/([^/]+)$`);
const WEIGHTS = /^(?:model|pytorch_model|diffusion_pytorch_model)\b(.*)\.(safetensors|bin)$/;
const SHARD = /-\d{5}-of-\d{5}/;
const SINGLE = /\.(safetensors|ckpt|pt|pth)$/i;
/** Folders whose weights are parts of a pipeline, and no checkpoints of their own. */
const withinPipeline = (): RegExp =>
  new RegExp(`(^|/)((${publishedFolders().join('|')})(_\\w+)?|${OTHER_PARTS.join('|')})/[^/]+$`);
const OTHER_PARTS = [
  'transformer',
  'prior',
  'decoder',
  'image_encoder',
  'safety_checker',
  'feature_extractor',
  'controlnet',
  'motion_adapter',
];
/** What else the importer reads: a vocabulary that is not CLIP's, the kind of pipeline. */
const BESIDE = ['model_index.json', 'tokenizer/tokenizer.json', 'tokenizer/tokenizer_config.json'];
/** Whether some family can paint with these parts. */
const isWhole = (has: (part: PublishedId) => boolean): boolean =>
  publishedFamilies().some((family) => paintedBy(family).every(has));

const paintedBy = (family: ModelFamily): PublishedId[] => {
  const { texts, denoiser, decoder } = familyOf(family);
  return [...texts.map(({ component }) => component), denoiser, decoder].map(publishedAs);
};

/** @param path of a folder or a file; '' is the whole repository. In the order of the tree, folders first */
export function hubChoices(tree: readonly TreeFile[], path: string): HubChoice[] {
  const exact = tree.find((file) => file.path === path);
  if (exact && SINGLE.test(path)) return [single(exact)];
  const top =
    exact || isWithinPart(path) ? path.replace(/[^/]*$/, '') : path === '' ? '' : `${path.replace(/\/+$/, '')}/`;
  const root = isWithinPart(path) ? top.replace(/[^/]+\/$/, '') : top;
  const within = tree.filter((file) => file.path.startsWith(root));
  const partOfPipeline = withinPipeline();
  const singles = within.filter((file) => SINGLE.test(file.path) && !partOfPipeline.test(file.path));
  const packs = within.filter((file) => /(^|\/)pack\.json$/.test(file.path)).map((file) => pack(file, within));
  return [...packs, ...folders(within), ...singles.map(single)];
}

/** "unet", or a file of it: what is meant is the model around it. */
function isWithinPart(path: string): boolean {
  const parts = [...publishedFolders(), 'scheduler', 'tokenizer(_2)?', 'transformer'];
  return new RegExp(`(^|/)(${parts.join('|')})(/|$)`).test(path);
}

const single = ({ path, byteLength }: TreeFile): HubChoice => ({ kind: 'file', path, files: [path], byteLength });

/** Its shards lie beside it. */
function pack({ path }: TreeFile, tree: readonly TreeFile[]): HubChoice {
  const folder = path.replace(/[^/]*$/, '');
  const shards = tree.filter((file) => file.path.startsWith(folder) && file.path.endsWith('.bin'));
  return { kind: 'pack', path, files: [path], byteLength: sum(shards) };
}

function folders(tree: readonly TreeFile[]): HubChoice[] {
  const pattern = partPattern();
  const found = new Map<string, Map<string, TreeFile[]>>();
  for (const file of tree) {
    const [, folder, part = ''] = pattern.exec(file.path) ?? [];
    if (folder === undefined) continue;
    const parts = found.get(folder) ?? new Map<string, TreeFile[]>();
    found.set(folder, parts.set(part, [...(parts.get(part) ?? []), file]));
  }
  const ours = [...found].flatMap(([folder, parts]) => pipeline(folder, parts, tree) ?? []);
  const others = tree
    .filter(({ path }) => /(^|\/)model_index\.json$/.test(path))
    .map(({ path }) => path.replace(/model_index\.json$/, ''))
    .filter((folder) => !ours.some(({ path }) => path === folder.replace(/\/$/, '')));
  return [
    ...ours,
    ...others.map((folder): HubChoice => {
      const problem = `is of another kind than Gesso runs (${whatRuns()}), or has no weights`;
      return { kind: 'folder', path: folder.replace(/\/$/, ''), files: [], byteLength: 0, problem };
    }),
  ];
}

/** Undefined where a part has no weights: another kind of model, notes alone. */
function pipeline(folder: string, parts: Map<string, TreeFile[]>, tree: readonly TreeFile[]): HubChoice | undefined {
  const chosen = new Map([...parts].map(([part, files]) => [part, weightsOf(files)]));
  if (!isWhole((part) => (chosen.get(part)?.length ?? 0) > 0)) return undefined;
  const beside = tree.filter(({ path }) => BESIDE.some((name) => path === folder + name));
  const configs = [...parts.values()].flat().filter(({ path }) => /\/(config|scheduler_config)\.json$/.test(path));
  const all = [...beside, ...configs, ...[...chosen.values()].flat()];
  return { kind: 'folder', path: folder.replace(/\/$/, ''), files: all.map(({ path }) => path), byteLength: sum(all) };
}

/** One set of weights of those that a part has: half precision where there is one, safetensors before pickles. */
function weightsOf(files: readonly TreeFile[]): TreeFile[] {
  const sets = new Map<string, { rank: number; files: TreeFile[] }>();
  for (const file of files) {
    const [, rest, format = ''] = WEIGHTS.exec(file.path.slice(file.path.lastIndexOf('/') + 1)) ?? [];
    if (rest === undefined) continue;
    const variant = rest.replace(SHARD, '').replace(/^\./, '');
    const key = `${format} ${variant}`;
    const set = sets.get(key) ?? { rank: rankOf(format, variant), files: [] };
    sets.set(key, { ...set, files: [...set.files, file] });
  }
  return [...sets.values()].sort((a, b) => a.rank - b.rank)[0]?.files ?? [];
}

function rankOf(format: string, variant: string): number {
  const precision = variant === 'fp16' ? 0 : variant === '' ? 1 : variant === 'non_ema' ? 3 : 2;
  return (format === 'safetensors' ? 0 : 4) + precision;
}

function sum(files: readonly TreeFile[]): number {
  return files.reduce((total, { byteLength }) => total + byteLength, 0);
}
