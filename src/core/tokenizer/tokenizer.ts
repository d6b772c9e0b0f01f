/** What a CLIP tokenizer is to the rest: text to ids without specials, and the ids of its specials. */
export interface Tokenizer {
  /** Ids of the text alone: no start, end or padding token. */
  encode(text: string): number[];
  readonly startId: number;
  readonly endId: number;
  /** What fills a chunk: the end token again for CLIP-L, 0 for OpenCLIP. */
  readonly padId: number;
  /** The token of a lone comma, where chunks prefer to break. */
  readonly commaId: number | undefined;
  /** Positions of the text encoder, specials included: 77. */
  readonly contextLength: number;
}
