/** Which LoRAs of the library a recipe means, whatever they are called there. @see A1111 extensions-builtin/Lora/scripts/lora_script.py */
import type { Recipe } from '../recipe/infotext';
import { extractNetworks } from '../prompt';

/** What of a library's LoRA names it. */
export interface KnownLora {
  /** As in the tag: the file's name without its ending. */
  name: string;
  /** SHA-256 of the file without its header, or its first 12 hex digits. */
  hash?: string;
}

export interface MatchedLoras {
  /** The prompt with the library's names in its tags. */
  prompt: string;
  /** Names that the library has not. */
  missing: string[];
}

/** By the hash in the recipe, then by the name. */
export function matchLoras({ prompt, loraHashes = {} }: Recipe, loras: readonly KnownLora[]): MatchedLoras {
  const missing = new Set<string>();
  let renamed = prompt;
  for (const { kind, name, raw } of extractNetworks(prompt).networks) {
    if (kind !== 'lora') continue;
    // A hash list has the name without the marks that end it.
    const hash = Object.hasOwn(loraHashes, name) ? loraHashes[name].toLowerCase() : undefined;
    const own = loras.find((lora) => isSame(lora.hash, hash)) ?? loras.find((lora) => lora.name === name);
    if (!own) missing.add(name);
    else if (own.name !== name) renamed = renamed.replaceAll(raw, () => raw.replace(`:${name}`, () => `:${own.name}`));
  }
  return { prompt: renamed, missing: [...missing] };
}

function isSame(known: string | undefined, wanted: string | undefined): boolean {
  if (known === undefined || wanted === undefined) return false;
  const own = known.toLowerCase();
  return wanted.length >= 10 && own.length >= 10 && (own.startsWith(wanted) || wanted.startsWith(own));
}
