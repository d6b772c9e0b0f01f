/** What Civitai knows of a picture besides its settings: hashes of files, and resources that no tag of the prompt names. */
import type { Note, Recipe } from '../recipe/infotext';
import { asBag } from './json-pairs';
import { parseAnyJson } from './parse-any-json';

const HASH = /^[0-9a-f]{8,64}$/i;

/** `Hashes: {"model": "0123456789", "lora:ink": "…", "embed:soft": "…"}`, of Civitai's extension and of savers. Changes the recipe. */
export function takeHashes(recipe: Recipe, said: unknown): void {
  for (const [name, hash] of Object.entries(asBag(said) ?? {})) {
    if (typeof hash !== 'string' || !HASH.test(hash)) continue;
    const [, kind = '', file] = /^(lora|lyco|embed|model|vae)(?::(.*))?$/i.exec(name) ?? [];
    const short = hash.slice(0, 10);
    if (kind.toLowerCase() === 'model' && file === undefined) recipe.modelHash ??= short;
    else if (/^vae$/i.test(kind)) recipe.vaeHash ??= short;
    else if (/^ly?[co]/i.test(kind) && file) recipe.loraHashes = { [file]: hash.slice(0, 12), ...recipe.loraHashes };
    else if (kind.toLowerCase() === 'embed' && file) recipe.tiHashes = { [file]: hash, ...recipe.tiHashes };
  }
}

/** Notes on what Civitai has on its pages and knows by numbers: a sentence each, but for what tags in the prompt say. */
export function noteResources(resources: unknown, prompt: string): Note[] {
  const list = Array.isArray(resources) ? (resources as unknown[]) : [];
  return list.flatMap((one): Note[] => {
    const bag = asBag(one) ?? {};
    const urn = typeof bag['air'] === 'string' ? bag['air'] : undefined;
    const model = asBag(bag['model']);
    const kind = String(bag['type'] ?? bag['modelType'] ?? model?.['type'] ?? urn?.split(':')[3] ?? '').toLowerCase();
    const isLora = /^(lora|locon|lycoris|dora|lyco)$/.test(kind);
    const isEmbedding = /^(embed|embedding|textualinversion|ti)$/.test(kind);
    if ((!isLora && !isEmbedding) || (isLora && /<(lora|lyco):/i.test(prompt))) return [];
    const names = [bag['modelName'] ?? model?.['name'], bag['modelVersionName']].filter(
      (word) => typeof word === 'string',
    );
    const [name = `number ${String(bag['modelVersionId'] ?? urn ?? '?')}`, version] = names;
    const weight = bag['weight'] ?? bag['strength'] ?? 1;
    const what = `${isLora ? 'LoRA' : 'embedding'} ${name}${version === undefined ? '' : ` (${version})`}`;
    return [{ key: 'Civitai', message: `Civitai's ${what} with weight ${String(weight)} is not carried over.` }];
  });
}

/** The checkpoint's name among the files that Civitai knows. */
export function checkpointOf(resources: unknown): string | undefined {
  const list = Array.isArray(resources) ? (resources as unknown[]).map((one) => asBag(one) ?? {}) : [];
  const names = list.map((bag) => {
    const model = asBag(bag['model']);
    const isIt = /^checkpoint/i.test(String(bag['type'] ?? bag['modelType'] ?? model?.['type'] ?? ''));
    return isIt ? (bag['modelName'] ?? model?.['name']) : undefined;
  });
  return names.find((name): name is string => typeof name === 'string');
}

/** The same of an infotext, whose unknown keys hold both. */
export function civitaiNotes(recipe: Recipe): Note[] {
  const { Hashes: hashes, 'Civitai resources': resources } = recipe.unknown ?? {};
  if (hashes !== undefined) takeHashes(recipe, parseAnyJson(hashes));
  if (resources === undefined) return [];
  const list = parseAnyJson(resources);
  recipe.model ??= checkpointOf(list);
  return noteResources(list, recipe.prompt);
}
