/** A prompt's text with weights: what emphasis gives and chunks take. */

export interface Segment {
  text: string;
  weight: number;
}

/**
 * A1111 marks BREAK by a segment of this text and weight, which brackets around it change, so that BREAK works outside of
 * brackets alone: "(a BREAK b:1.2)" holds the word "break" at −1.2. The same is done here, for the same pictures.
 */
export const BREAK: Readonly<Segment> = { text: 'BREAK', weight: -1 };

export function isBreak({ text, weight }: Segment): boolean {
  return text === BREAK.text && weight === BREAK.weight;
}
