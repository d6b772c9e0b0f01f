/** What a request names and does not hold: its picture, the LoRAs of its tags. Fetched where there may be any. */
import type { AdapterEntry, PictureInputs } from '../../engine/api';
import type { StoredAdapter } from '../../engine/library-api';
import { placedNetworks, type PlacedTag } from '../../core/prompt/network-tags';
import type { GenerationRequest } from '../../core/recipe/request';
import { findAdapter } from '../../core/workflow/adapter-nodes';

type Named = Pick<GenerationRequest, 'prompt' | 'dialect'>;

export interface Shelf {
  adapters: readonly StoredAdapter[];
  adapterFiles(ids: readonly string[]): Promise<Blob[]>;
}

/** For the engine: only what the request names, as it is here now. @throws AppError 'missing-file' */
export async function pictureInputs(
  request: GenerationRequest,
  images: PictureInputs['images'],
  shelf: Shelf,
): Promise<PictureInputs> {
  const adapters = await adapterEntries(request, shelf);
  return { ...(images && { images }), ...(adapters.length > 0 && { adapters }) };
}

async function adapterEntries(request: Named, shelf: Shelf): Promise<AdapterEntry[]> {
  const found = new Map(namedLoras(request, shelf.adapters).flatMap(({ lora }) => (lora ? [[lora.id, lora]] : [])));
  const files = await shelf.adapterFiles([...found.keys()]);
  return [...found.values()].map((lora, i) => ({
    id: lora.id,
    names: namesOf(lora, shelf.adapters),
    revision: lora.hashes.sha256,
    file: files[i],
  }));
}

export interface NamedLora {
  tag: PlacedTag;
  /** Undefined where it is not here. */
  lora: StoredAdapter | undefined;
}

/** The tags of a prompt, each with what it names. In ComfyUI's way of reading prompts a tag is only text. */
export function namedLoras({ prompt, dialect }: Named, adapters: readonly StoredAdapter[]): NamedLora[] {
  if (dialect === 'comfyui') return [];
  const loras = adapters
    .filter(({ kind }) => kind === 'lora')
    .map((lora) => ({ lora, id: lora.id, names: namesOf(lora, adapters) }));
  return placedNetworks(prompt)
    .filter(({ kind }) => kind === 'lora')
    .map((tag) => ({ tag, lora: findAdapter(tag.name, loras)?.lora }));
}

/** A maker's name that two have, or that is another's file, names neither. @see A1111 PR 14655 */
export function namesOf({ id, name, aliases }: StoredAdapter, all: readonly StoredAdapter[]): string[] {
  const taken = new Set(all.flatMap((one) => (one.id === id ? [] : [one.name, ...one.aliases])));
  return [name, ...aliases.filter((alias) => alias !== name && !taken.has(alias))];
}

/** As A1111 has them beside a picture's other parameters: by the tag's name without the marks that end it. */
export function loraHashes(request: Named, adapters: readonly StoredAdapter[]): Record<string, string> | undefined {
  const found = namedLoras(request, adapters).flatMap(({ tag, lora }) =>
    lora ? [[tag.name.replace(/[:,]/g, ''), infotextHash(lora)] as const] : [],
  );
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/** @see A1111 extensions-builtin/Lora/network.py set_hash */
export const infotextHash = ({ hashes: { stated, addnet, sha256 } }: Pick<StoredAdapter, 'hashes'>): string =>
  (stated ?? addnet ?? sha256).slice(0, 12);
