/** The parts of a prompt for A1111's script "Prompt matrix". @see A1111 scripts/prompt_matrix.py */

/**
 * The first is always there. A1111 cuts at every `|`; here those in brackets and braces stay, which belong to `[a|b]` and `{a|b}`.
 */
export function matrixParts(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if ('[{'.includes(character)) depth += 1;
    else if (']}'.includes(character)) depth = Math.max(0, depth - 1);
    if (character === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}
