/** Which styles the prompts carry, one around the other, and how one of them is put on or taken off. */
import { applyStyles, removeStyle, type PromptPair, type Style } from '../../../core/prompt/styles';

export interface Worn {
  /** The prompts without any style. */
  bare: PromptPair;
  /** The styles in the order they were put on. */
  styles: readonly Style[];
}

/** Looks from the outermost style inwards; a style is not found once something is written behind it. @param known  all styles that there are */
export function wornStyles(prompts: PromptPair, known: readonly Style[]): Worn {
  let bare = prompts;
  const styles: Style[] = [];
  // Where two styles end alike, the longer one is meant.
  const left = known.toSorted((a, b) => lengthOf(b) - lengthOf(a));
  for (let found = true; found;) {
    found = false;
    for (const style of left) {
      const without = styles.includes(style) ? undefined : removeStyle(bare, style);
      if (!without) continue;
      [bare, found] = [without, true];
      styles.unshift(style);
      break;
    }
  }
  return { bare, styles };
}

/** Adds the style as the outermost one, or removes it wherever it is. */
export function switchStyle(prompts: PromptPair, style: Style, known: readonly Style[]): PromptPair {
  const { bare, styles } = wornStyles(prompts, known);
  const isWorn = styles.some(({ name }) => name === style.name);
  return isWorn
    ? applyStyles(
        bare,
        styles.filter(({ name }) => name !== style.name),
      )
    : applyStyles(prompts, [style]);
}

function lengthOf({ prompt, negativePrompt }: Style): number {
  return prompt.length + negativePrompt.length;
}
