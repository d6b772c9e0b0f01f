/** Styles: texts that are put around a prompt, and taken off again from one that carries them. @see A1111 modules/styles.py */
import { trimSpace } from './characters';

export interface Style {
  name: string;
  prompt: string;
  negativePrompt: string;
}

/** What a style's text holds in the place of the prompt. */
const PLACE = '{prompt}';

export interface PromptPair {
  prompt: string;
  negativePrompt: string;
}

/** Applies styles in the list's order: each acts on what the one before it made. */
export function applyStyles(prompts: PromptPair, styles: readonly Style[]): PromptPair {
  return styles.reduce(
    (pair, style) => ({
      prompt: mergeText(pair.prompt, style.prompt),
      negativePrompt: mergeText(pair.negativePrompt, style.negativePrompt),
    }),
    prompts,
  );
}

function mergeText(prompt: string, style: string): string {
  if (style.includes(PLACE)) return style.replaceAll(PLACE, () => prompt);
  return [trimSpace(prompt), trimSpace(style)].filter((text) => text !== '').join(', ');
}

/** The pair without the style, where both of its parts carry it; undefined where not. */
export function removeStyle(prompts: PromptPair, style: Style): PromptPair | undefined {
  if (style.prompt === '' && style.negativePrompt === '') return undefined;
  const prompt = withoutStyle(prompts.prompt, style.prompt);
  const negativePrompt = withoutStyle(prompts.negativePrompt, style.negativePrompt);
  return prompt === undefined || negativePrompt === undefined ? undefined : { prompt, negativePrompt };
}

/** A style with `{prompt}` is looked for around the text, another at its end. */
function withoutStyle(written: string, style: string): string | undefined {
  const text = trimSpace(written);
  const [before, ...after] = trimSpace(style).split(PLACE);
  if (after.length > 0) {
    const end = after.join(PLACE);
    const fits = text.startsWith(before) && text.endsWith(end) && text.length >= before.length + end.length;
    return fits ? text.slice(before.length, text.length - end.length) : undefined;
  }
  if (!text.endsWith(before)) return undefined;
  const rest = text.slice(0, text.length - before.length);
  return rest.endsWith(', ') ? rest.slice(0, -2) : rest;
}
