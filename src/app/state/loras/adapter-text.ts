/** LoRAs and embeddings in words, and for which models they are. */
import { shortNameOf } from '../../../core/families/recognise';
import type { StoredAdapter } from '../../../engine/library-api';
import { stemOf } from '../../../core/adapters/embeddings/read-embeddings';
import { fits, type Model } from './adapter-fits';
import { formatBytes } from '../page/format';

/** Words that people have for the kinds; all others are a LoRA. */
const WORDS: Readonly<Record<string, string>> = {
  locon: 'LoCon',
  loha: 'LoHa',
  lokr: 'LoKr',
  dora: 'DoRA',
  glora: 'GLoRA',
  ia3: 'IA³',
  oft: 'OFT',
  boft: 'BOFT',
};

/** "SD 1.5"; of one for models of no published size their names. */
function forText({ models, family }: StoredAdapter, all: readonly Model[]): string {
  if (!models) return family === undefined ? 'a model that is not known' : shortNameOf(family);
  const names = models.flatMap((id) => all.find((model) => model.id === id)?.name ?? []);
  return names.length > 0 ? names.join(', ') : 'a model that is gone';
}

/** "LoRA for SD 1.5 · rank 16 · 18 MB"; "built in" in the place of the bytes of what comes with the app. */
export function adapterText(adapter: StoredAdapter, all: readonly Model[]): string {
  const { kind, word = '', rank, vectors, bytes, isBuiltIn } = adapter;
  const what = kind === 'embedding' ? 'Embedding' : (WORDS[word] ?? 'LoRA');
  const size =
    vectors === undefined ? rank !== undefined && `rank ${rank}` : vectors === 1 ? '1 token' : `${vectors} tokens`;
  return [`${what} for ${forText(adapter, all)}`, size, isBuiltIn ? 'built in' : formatBytes(bytes)]
    .filter(Boolean)
    .join(' · ');
}

/** What came of adding its file, which may have been here before, or have another's name. @param startedAt  when that was */
export function addedText(adapter: StoredAdapter, startedAt: number, all: readonly Model[]): string {
  const { name, fileName, addedAt } = adapter;
  if (addedAt < startedAt) return `This file was here already, as ${name}.`;
  const isOther = stemOf(fileName) !== name;
  const taken = isOther ? ` Another is called ${stemOf(fileName)}: this one is ${name}.` : '';
  return `${name} is on this computer: ${adapterText(adapter, all)}.${taken}`;
}

/** Why it does nothing for this model; undefined where it fits. */
export function misfitText(adapter: StoredAdapter, model: Model, all: readonly Model[]): string | undefined {
  return fits(adapter, model) ? undefined : `For ${forText(adapter, all)}, not for ${model.name}.`;
}

/** Those that fit first, each by their names. */
export function sortAdapters(adapters: readonly StoredAdapter[], model: Model): StoredAdapter[] {
  const rank = (one: StoredAdapter): number => Number(!fits(one, model));
  return adapters.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** Finds LoRAs and embeddings by name, words and family, in any case. */
export function searchAdapters(
  adapters: readonly StoredAdapter[],
  text: string,
  all: readonly Model[],
): StoredAdapter[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  return adapters.filter((one) => {
    const about = [one.name, ...one.aliases, ...one.triggerWords, adapterText(one, all)].join(' ').toLowerCase();
    return wanted.every((word) => about.includes(word));
  });
}

/** Where somebody may look for a LoRA of that name; opened by a click alone. */
export const searchLinks = (name: string): { label: string; address: string }[] => [
  {
    label: 'Civitai',
    address: `https://civitai.com/search/models?${new URLSearchParams({ query: name, modelType: 'LORA' }).toString()}`,
  },
  {
    label: 'Hugging Face',
    address: `https://huggingface.co/models?${new URLSearchParams({ search: name }).toString()}`,
  },
];
