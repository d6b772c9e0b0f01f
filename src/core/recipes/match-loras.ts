/** Which LoRAs of the library a recipe means, whatever they are called there. @see A1111 extensions-builtin/Lora/scripts/lora_script.py */
import type { Recipe } from '../recipe/infotext';
import { extractNetworks } from '../prompt';
import { findNamed } from '../prompt/find-named';

/** What of a library's LoRA names it. */
export interface KnownLora {
  /** Name as in the tag: the file's without its ending. */
  name: string;
  /** What else prompts may call it. */
  aliases?: readonly string[];
  /** SHA-256 of the file, with its header and without, or their first 10 hex digits and more. */
  hashes?: readonly string[];
}

export interface MatchedLoras {
  /** The prompt with the library's names in its tags. */
  prompt: string;
  /** Names that the library has not. */
  missing: string[];
  /** Names under which the library has another file than the recipe says. */
  others: string[];
}

/** Matches LoRAs by the hash in the recipe, then by the name. */
export function matchLoras({ prompt, loraHashes = {} }: Recipe, loras: readonly KnownLora[]): MatchedLoras {
  const missing = new Set<string>();
  const others = new Set<string>();
  let renamed = prompt;
  for (const { kind, name, raw } of extractNetworks(prompt).networks) {
    if (kind !== 'lora') continue;
    // A hash list has the name without the marks that end it.
    const key = name.replace(/[:,]/g, '');
    const hash = Object.hasOwn(loraHashes, key) ? loraHashes[key].toLowerCase() : undefined;
    const same = loras.find(({ hashes = [] }) => hashes.some((one) => isSame(one, hash)));
    const own = same ?? byName(name, loras);
    if (own && !same && isHash(hash) && own.hashes?.length) others.add(name);
    if (!own) missing.add(name);
    else if (own.name !== name) renamed = renamed.replaceAll(raw, () => raw.replace(`:${name}`, () => `:${own.name}`));
  }
  return { prompt: renamed, missing: [...missing], others: [...others] };
}

const byName = (name: string, loras: readonly KnownLora[]): KnownLora | undefined =>
  findNamed(name, loras, (lora) => [lora.name, ...(lora.aliases ?? [])]);

/** Some trainers write that of nothing. @see ostris/ai-toolkit#130 */
const isHash = (hash: string | undefined): boolean => hash !== undefined && /^(?!e3b0c44298)[0-9a-f]{10,}$/.test(hash);

function isSame(known: string, wanted: string | undefined): boolean {
  const own = known.toLowerCase();
  return (
    wanted !== undefined &&
    wanted.length >= 10 &&
    own.length >= 10 &&
    (own.startsWith(wanted) || wanted.startsWith(own))
  );
}
