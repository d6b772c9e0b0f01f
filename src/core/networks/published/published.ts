/** A component as it is published: what names its tensors have in files, and what is known of it without a config. */
import type { ComponentId } from '../components';
import type { Part } from '../names/openclip';
import type { DenoiserSigns, Shapes } from '../unet-signs';

export type Config = Record<string, unknown>;

/** Whose words a name was in: single files of A1111, ComfyUI and kohya, or diffusers' folders. */
export type Layout = 'ldm' | 'diffusers';

/** @returns undefined where the name is no part of such a network */
export type Rename = (name: string) => { parts: readonly Part[]; layout: Layout } | undefined;

/** What packs keep of it. */
export interface PublishedPart {
  component: ComponentId;
  /** The tensor by which a side of an autoencoder is there; all others always are. */
  first?: string;
}

export interface Published {
  /** Name within a sentence. */
  name: string;
  /** Name in a list of the parts of a model. */
  partName: string;
  /** Whether the hub's folders of whole models have one for it, of the name that it has in the table. */
  isFolder: boolean;
  parts: readonly PublishedPart[];
  /** Prefixes of single files, each with the words that follow it; '' is a file that holds nothing else. */
  places: readonly (readonly [prefix: string, Rename])[];
  /** Prefix to read a file's names with, where nothing in it says which side of an autoencoder it is. */
  prefixOf?(keys: readonly string[]): string;
  /** One of each group must be there: without them nothing can be said of its sizes. */
  essential: readonly (readonly string[])[];
  /** What a denoiser tells of its model. */
  signs?(tensors: Shapes): DenoiserSigns;
  /** Channels of the latents that it reads or writes. */
  latentChannels?(tensors: Shapes): number | undefined;
  /**
   * The hub's config.json, for files that have none.
   * @param base  that of the published model that comes nearest, with what no tensor tells
   */
  config(tensors: Shapes, base: Config): Config;
  /** Parts that no model of ours uses. @param layers as the config has them */
  isSpare?(key: string, layers: number): boolean;
}

export const oneTensor = (name: string | undefined, layout: Layout): ReturnType<Rename> =>
  name === undefined ? undefined : { parts: [{ name }], layout };

/** @returns how many there are of `prefix`0, `prefix`1, ... without a gap */
export function countOf(tensors: Shapes, prefix: string): number {
  const found = new Set<number>();
  for (const name of tensors.keys())
    if (name.startsWith(prefix)) found.add(Number.parseInt(name.slice(prefix.length), 10));
  let count = 0;
  while (found.has(count)) count++;
  return count;
}

/** Width of a head wherever a config does not say how many there are. */
export const HEAD_WIDTH = 64;
