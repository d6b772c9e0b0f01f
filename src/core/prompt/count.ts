/** The count at the prompt box: 23/75. */
import { chunkCapacity, type TokenCount, type Tokenizer } from '../tokenizer';
import { chunkText, planPrompt, type PlanOptions, type ReadingOptions } from './plan';

export type CountOptions = PlanOptions & ReadingOptions;

/** Counts the longest of a prompt's texts, as A1111 shows it. */
export function countPrompt(text: string, tokenizer: Tokenizer, options: CountOptions): TokenCount {
  const { parts } = planPrompt(text, options);
  const texts = new Set(parts.flatMap(({ schedule }) => schedule.map((entry) => entry.text)));
  const tokens = Math.max(...[...texts].map((one) => chunkText(one, tokenizer, options).tokens));
  const capacity = chunkCapacity(tokenizer);
  return { tokens, limit: capacity * Math.ceil(Math.max(tokens, 1) / capacity) };
}
