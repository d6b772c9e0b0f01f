/** What a U-Net's graph takes beside the latent, the time and the text. */

/** Where maps become smaller on a U-Net's way down. */
export interface ShrinkForm {
  /** Number of the block, from 1: the map of number 0 is the first. */
  block: number;
  /** The map is kept for the way up in its full size; else in the smaller one. */
  afterSkip: boolean;
}

export interface ControlForm {
  /**
   * The graph takes residuals. `plain`: float32 [batch, c, h, w] or [1, 1, 1, 1], as from arrays; `native`: in the type and the order of the
   * graph's own maps, as another graph of the same form gives them.
   */
  residuals?: 'plain' | 'native';
  /** The graph takes features; each one's side is the latent's divided by its number. */
  features?: readonly number[];
  /** How many pictures the graph reads beside the text: see unet-images.ts. */
  images?: number;
  /** Some of them count only in a part of what is painted. */
  hasRegions?: boolean;
  /** Its maps are scaled on their way up: see unet-freeu.ts. */
  freeu?: boolean;
  /** The graph is told in which rows tokens of its middle block attend only to themselves: see unet-middle.ts. */
  perturbs?: boolean;
  /** Maps become smaller on its way down: see unet-shrink.ts. */
  shrinks?: ShrinkForm | undefined;
  /** It also outputs how much attention each token of its middle block gets. */
  tellsAttention?: boolean;
}
