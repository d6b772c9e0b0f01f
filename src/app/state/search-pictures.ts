/** Finding pictures by words: of the prompts, the model, the sampler; or by the seed. */
import { SAMPLERS, type SamplerEntry } from '../../core/samplers';
import type { Picture } from './picture';

/** Lower case, no accents: "Café" is found by "cafe". */
function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

export function searchWords(query: string): string[] {
  return folded(query)
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Thousands of texts are folded once, not with every key. */
const haystacks = new WeakMap<Picture['request'], string>();

function haystack({ request, modelName }: Picture): string {
  const known = haystacks.get(request);
  if (known !== undefined) return known;
  const sampler: SamplerEntry | undefined = SAMPLERS[request.sampler];
  const { prompt, negativePrompt, seed } = request;
  const text = folded([prompt, negativePrompt, modelName, sampler?.label ?? '', seed].join('\n'));
  haystacks.set(request, text);
  return text;
}

/** Every word occurs somewhere. */
export function pictureMatches(picture: Picture, words: readonly string[]): boolean {
  const text = haystack(picture);
  return words.every((word) => text.includes(word));
}
