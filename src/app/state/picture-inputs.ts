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
  const all = new Map(namesOf(shelf.adapters).map(({ lora, names }) => [lora.id, names]));
  return [...found.values()].map(({ id, name, hashes }, i) => ({
    id,
    names: all.get(id) ?? [name],
    revision: hashes.sha256,
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
  const tags = placedNetworks(prompt).filter(({ kind }) => kind === 'lora');
  if (tags.length === 0) return [];
  const loras = namesOf(adapters);
  return tags.map((tag) => ({ tag, lora: findAdapter(tag.name, loras)?.lora }));
}

/** What prompts may call each. A maker's name that two have, or that is another's file, names neither. @see A1111 PR 14655 */
function namesOf(adapters: readonly StoredAdapter[]): { lora: StoredAdapter; names: string[] }[] {
  const loras = adapters.filter(({ kind }) => kind === 'lora');
  const counts = new Map<string, number>();
  for (const { name, aliases } of loras)
    for (const one of new Set([name, ...aliases])) counts.set(one, (counts.get(one) ?? 0) + 1);
  return loras.map((lora) => {
    const own = lora.aliases.filter((alias) => alias !== lora.name && counts.get(alias) === 1);
    return { lora, names: [lora.name, ...own] };
  });
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
