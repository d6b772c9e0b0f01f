/** Models that are mixed into one: what a reference says of it, and the weights of the others at hand. */
import { AppError } from '../../core/errors';
import { tensor } from '../../core/graph';
import type { OpenNetwork } from '../../core/networks';
import { roleOf, type ComponentId } from '../../core/networks/components';
import {
  parseTensorShares,
  shareOf,
  singleShare,
  valuesOf,
  type ReadWeight,
  type TensorBlend,
  type TensorShares,
} from '../../core/weights';
import type { AdapterUse } from './adapters';
import type { PartUse } from './part-use';
import type { WeightBank } from './weight-bank';

/** How much of a model there is. Plain data. */
export interface BlendShare {
  /** The denoiser's: shares of tensors, as they are written; those of a list multiply each other, lists are summed. */
  denoiser: readonly (readonly string[])[];
  /** The text encoders'. */
  text: number;
}

export interface Blend {
  own: BlendShare;
  others: readonly (PartUse & { share: BlendShare })[];
}

/** What of a reference a blend is made of. */
interface Blended extends PartUse {
  adapters: readonly AdapterUse[];
  blend?: Blend;
}

const WHOLE: BlendShare = { denoiser: [[]], text: 1 };
const NOTHING: Blend = { own: WHOLE, others: [] };

/** So much of the denoiser and of the text encoders. @param denoiser  as TensorShares are written */
export const writtenShare = (denoiser: string, text: number): BlendShare => ({ denoiser: [[denoiser]], text });

const scaled = ({ denoiser, text }: BlendShare, by: BlendShare): BlendShare => ({
  denoiser: by.denoiser.flatMap((factors) => denoiser.map((own) => [...own, ...factors.filter((one) => one !== '1')])),
  text: text * by.text,
});

const summed = (a: BlendShare, b: BlendShare): BlendShare => ({
  denoiser: [...a.denoiser, ...b.denoiser],
  text: a.text + b.text,
});

/** The one share of all tensors; undefined where blocks differ. */
function singleOf({ denoiser }: BlendShare): number | undefined {
  const products = denoiser.map((factors) =>
    factors.reduce<number | undefined>((product, written) => {
      const share = singleShare(readShares(written));
      return product === undefined || share === undefined ? undefined : product * share;
    }, 1),
  );
  return products.reduce<number | undefined>(
    (sum, product) => (sum === undefined || product === undefined ? undefined : sum + product),
    0,
  );
}

/** @throws AppError 'bad-request' for shares that are not written so */
export function readShares(text: string): TensorShares {
  const shares = parseTensorShares(text);
  if (shares) return shares;
  throw new AppError('bad-request', `"${text}" is no list of shares: numbers, with the names of blocks before them.`);
}

/** LoRAs of a model of which there is a share only. @throws AppError 'bad-request' where that is another in each block that they change */
function scaledAdapters(adapters: readonly AdapterUse[], by: BlendShare): AdapterUse[] {
  const share = singleOf(by);
  return adapters.map((use) => ({ ...use, denoiser: scaledStrength(use, share), text: use.text * by.text }));
}

/** The denoiser's. */
function scaledStrength({ denoiser }: AdapterUse, share: number | undefined): number {
  if (denoiser === 0) return 0;
  if (share !== undefined) return denoiser * share;
  throw new AppError(
    'bad-request',
    'A model with a LoRA on it is not merged by blocks here: merge them all alike, or put the LoRA on what was merged.',
  );
}

/** The first with so much of itself, and so much of the second, in place of it. */
export function blendOf<First extends Blended>(
  first: First,
  second: Blended,
  { own, other }: { own: BlendShare; other: BlendShare },
): First & { blend: Blend } {
  const [one, two] = [first.blend ?? NOTHING, second.blend ?? NOTHING];
  const parts = [
    { ...partOf(first), share: scaled(one.own, own) },
    ...one.others.map((part) => ({ ...part, share: scaled(part.share, own) })),
    { ...partOf(second), share: scaled(two.own, other) },
    ...two.others.map((part) => ({ ...part, share: scaled(part.share, other) })),
  ];
  const all = new Map<string, Blend['others'][number]>();
  for (const part of parts) {
    const key = JSON.stringify([part.id, part.revision]);
    const before = all.get(key);
    all.set(key, before ? { ...part, share: summed(before.share, part.share) } : part);
  }
  const [{ share }, ...others] = all.values();
  return {
    ...first,
    adapters: [...scaledAdapters(first.adapters, own), ...scaledAdapters(second.adapters, other)],
    blend: { own: share, others },
  };
}

const partOf = ({ id, revision }: PartUse): PartUse => ({ id, revision });

export interface OpenOther extends PartUse {
  bank: WeightBank;
  networks: ReadonlyMap<ComponentId, OpenNetwork>;
  share: BlendShare;
}

/** Tells one blend from another. */
export const blendKey = ({ own, others }: Blend): string => JSON.stringify([own, others]);

/** A blend whose other models are at hand. */
export interface OpenBlend {
  /** See blendKey. */
  key: string;
  own: BlendShare;
  others: readonly OpenOther[];
}

/** Whether it changes this component. */
export function blends({ own, others }: Blend, component: ComponentId): boolean {
  if (roleOf(component) === 'text') return own.text !== 1 || others.some(({ share }) => share.text !== 0);
  if (roleOf(component) !== 'denoiser') return false;
  return singleOf(own) !== 1 || others.some(({ share }) => singleOf(share) !== 0);
}

/** What of text encoders is no weight to be mixed. */
const NOT_MIXED = /(?:position_ids|logit_scale)$/;

/** The share of a tensor, all that multiply each other together. */
function shareFor(share: BlendShare, component: ComponentId): (name: string) => number {
  if (roleOf(component) === 'text') return () => share.text;
  const lists = share.denoiser.map((factors) => factors.map(readShares));
  const productOf = (factors: readonly TensorShares[], name: string): number =>
    factors.reduce((product, shares) => product * shareOf(shares, name), 1);
  return (name) => lists.reduce((sum, factors) => sum + productOf(factors, name), 0);
}

interface Mixed {
  read: ReadWeight;
  holds(name: string, shape: readonly number[]): boolean;
  share(name: string): number;
}

async function mixedPart({ bank, share }: OpenOther, component: ComponentId): Promise<Mixed[]> {
  const { tensors } = bank.has(component) ? await bank.open(component) : {};
  if (!tensors) return [];
  const holds = (name: string, shape: readonly number[]): boolean => tensors.holds(tensor(name, ...shape));
  return [{ read: tensors.read, holds, share: shareFor(share, component) }];
}

/** Weights that are mixed into a component's; of tensors that another model has in another shape the model's own share is left. */
export async function tensorBlend({ own, others }: OpenBlend, component: ComponentId): Promise<TensorBlend> {
  const ownShare = shareFor(own, component);
  const parts: Mixed[] = [];
  for (const other of others) parts.push(...(await mixedPart(other, component)));
  return {
    difference(name, shape, values) {
      if (NOT_MIXED.test(name)) return undefined;
      const kept = ownShare(name) - 1;
      const sum = values.map((value) => value * kept);
      for (const { read, holds, share } of parts) {
        const by = share(name);
        if (by === 0 || !holds(name, shape)) continue;
        const other = valuesOf(tensor(name, ...shape), read);
        for (let i = 0; i < sum.length; i++) sum[i] += by * other[i];
      }
      return sum;
    },
  };
}
