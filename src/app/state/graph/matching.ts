/** The files that a workflow names, and what of the library they may mean: by name, by hash, by near spelling, or by choice. Pure. */
import { bareName, baseName, type ModelFolder, type WantedModel } from '../../../core/comfyui/workflows';
import type { KnownAs, ModelEntry, UpscalerEntry } from '../../../core/catalog';
import { BUILT_IN_UPSCALER } from '../../../core/catalog/built-in-upscaler';
import { isBuiltInControl } from '../control/built-in-control';
import type { StoredAdapter, StoredModel } from '../../../engine/library-api';

/** What may take a name's place. */
export interface Offer {
  /** Id, as the engine knows it. */
  id: string;
  label: string;
  /** Names that files may have for it. */
  names: readonly string[];
  /** SHA-256 and its like, in hexadecimal digits. */
  hashes: readonly string[];
  /** Files of others that hold the same weights: what is called so itself comes first. */
  knownAs?: KnownAs;
  isBuiltIn: boolean;
}

export interface MatchFiles {
  usable: readonly Pick<ModelEntry, 'id' | 'name' | 'source' | 'knownAs'>[];
  snapshot: { models: readonly Pick<StoredModel, 'id' | 'name' | 'fileName' | 'sha256'>[] };
  adapters: readonly Pick<StoredAdapter, 'id' | 'name' | 'fileName' | 'aliases' | 'kind' | 'hashes' | 'isBuiltIn'>[];
  controls: readonly StoredModel[];
  upscalers: readonly Pick<StoredModel, 'id' | 'name' | 'fileName' | 'sha256'>[];
  vaes: MatchFiles['upscalers'];
  texts: MatchFiles['upscalers'];
}

/** All of a kind, what is built in last. */
export function offersFor(folder: ModelFolder | undefined, shelf: MatchFiles): Offer[] {
  const all = ofFolder(folder, shelf);
  return [...all.filter(({ isBuiltIn }) => !isBuiltIn), ...all.filter(({ isBuiltIn }) => isBuiltIn)];
}

function ofFolder(folder: ModelFolder | undefined, shelf: MatchFiles): Offer[] {
  switch (folder) {
    case 'checkpoints':
    case 'diffusion_models':
      return shelf.usable.map(({ id, name, source, knownAs }) => {
        const stored = shelf.snapshot.models.find((one) => one.id === id);
        const own = { label: name, isBuiltIn: source.kind === 'bundled' };
        return { ...fileOffer({ id, name, ...stored }), ...own, ...(knownAs && { knownAs }) };
      });
    case 'loras':
    case 'embeddings':
      return shelf.adapters
        .filter(({ kind }) => kind === (folder === 'loras' ? 'lora' : 'embedding'))
        .map(({ id, name, fileName, aliases, hashes: { sha256, addnet, stated }, isBuiltIn = false }) => ({
          ...{ id, label: name, names: [fileName, name, ...aliases], isBuiltIn },
          hashes: [sha256, addnet, stated].filter((hash) => hash !== undefined),
        }));
    case 'controlnet':
      return shelf.controls
        .filter(({ control }) => control === 'network' || control === 'adapter')
        .map((one) => ({ ...fileOffer(one), isBuiltIn: isBuiltInControl(one) }));
    case 'ipadapter':
      return shelf.controls.filter(({ control }) => control === 'picture').map(fileOffer);
    case 'clip_vision':
      return shelf.controls.filter(({ control }) => control === 'tower').map(fileOffer);
    case 'upscale_models':
      return [...shelf.upscalers.map(fileOffer), { ...upscalerOffer(BUILT_IN_UPSCALER), isBuiltIn: true }];
    case 'vae':
      return shelf.vaes.map(fileOffer);
    case 'text_encoders':
      return shelf.texts.map(fileOffer);
    default:
      return [];
  }
}

type File = Pick<StoredModel, 'id' | 'name'> & Partial<Pick<StoredModel, 'fileName' | 'sha256'>>;

const fileOffer = ({ id, name, fileName, sha256 }: File): Offer => ({
  ...{ id, label: name, isBuiltIn: false },
  names: [name, id, ...(fileName === undefined ? [] : [fileName])],
  hashes: sha256 === undefined ? [] : [sha256],
});

const upscalerOffer = ({ id, name }: Pick<UpscalerEntry, 'id' | 'name'>): Offer => fileOffer({ id, name });

export interface Match {
  offer: Offer;
  /** `near`: its spelling is not quite the same. */
  by: 'name' | 'hash' | 'near' | 'choice';
}

/** Where nothing is chosen, the model's own part is in the place of one that is not here. */
const OF_A_MODEL: readonly (ModelFolder | undefined)[] = ['vae', 'text_encoders'];

/** Whether a run needs somebody to choose. */
export const isAwaited = ({ folder, match }: { folder: ModelFolder | undefined; match: Match | undefined }): boolean =>
  match === undefined && !OF_A_MODEL.includes(folder);

/** What is said of a file beside its name. */
export function aboutFile(match: Match | undefined, folder?: ModelFolder): string {
  if (!match && OF_A_MODEL.includes(folder)) return 'not in your library: the model’s own is in its place';
  if (!match) return 'not in your library';
  const { offer, by } = match;
  if (by === 'name') return `in your library: ${offer.label}`;
  if (by === 'choice') return `${offer.label} stands in for it${offer.isBuiltIn ? ', built in' : ''}`;
  return by === 'hash' ? `${offer.label} has its hash` : `${offer.label} has nearly that name`;
}

/** The digits of a hash that a name or a workflow says. */
const LEAST_DIGITS = 8;

/** Undefined where somebody has to choose. @param chosen  an id */
export function matchFile(
  { name, hash }: Pick<WantedModel, 'name' | 'hash'>,
  offers: readonly Offer[],
  chosen?: string,
): Match | undefined {
  const found = (offer: Offer | undefined, by: Match['by']): Match | undefined => offer && { offer, by };
  const wanted = bareName(name);
  return (
    found(
      offers.find(({ id }) => id === chosen),
      'choice',
    ) ??
    found(
      offers.find(({ names }) => names.some((one) => bareName(one) === wanted)),
      'name',
    ) ??
    found(
      offers.find(({ hashes }) => hash !== undefined && hashes.some((one) => isSameHash(one, hash))),
      'hash',
    ) ??
    found(
      offers.find(({ knownAs }) => knownAs?.names.some((one) => bareName(one) === wanted)),
      'name',
    ) ??
    found(
      offers.find(({ knownAs }) => hash !== undefined && knownAs?.hashes.some((one) => isSameHash(one, hash))),
      'hash',
    ) ??
    found(nearest(name, offers), 'near')
  );
}

function isSameHash(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  return length >= LEAST_DIGITS && a.slice(0, length).toLowerCase() === b.slice(0, length).toLowerCase();
}

/** What is stored in another precision, or cut, paints the same to the eye. */
const BESIDE_NAME = /(?<![a-z0-9])(fp16|fp32|bf16|fp8|half|full|pruned|ema(only)?|noema|no-ema|nonema)(?![a-z0-9])/g;
/** Letters that may be otherwise, of so many. */
const LETTERS_A_SLIP = 8;

/** The only one whose name is the same but for precision and slips of spelling; numbers must be the same, for they tell versions. */
function nearest(name: string, offers: readonly Offer[]): Offer | undefined {
  const wanted = essence(name);
  if (wanted.length < 4) return undefined;
  const near = offers.filter(({ names }) =>
    names.some((one) => {
      const other = essence(one);
      return other === wanted || isSlip(other, wanted);
    }),
  );
  return near.length === 1 ? near[0] : undefined;
}

const essence = (name: string): string => bareName(baseName(name).replace(/[_ ]/g, '-').replace(BESIDE_NAME, ''));
const digits = (name: string): string => name.replace(/\D+/g, ' ').trim();

function isSlip(a: string, b: string): boolean {
  const most = Math.floor(Math.max(a.length, b.length) / LETTERS_A_SLIP);
  return most > 0 && Math.abs(a.length - b.length) <= most && digits(a) === digits(b) && distance(a, b) <= most;
}

/** Letters to be put in, left out or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}
