/** The size of a latent, and that of its picture. */
import { times, type Dim } from '../graph';

export interface LatentSize {
  /** Height in cells, not in pixels. */
  height: number;
  width: number;
}

/** Height and width of a picture whose latent is [.., height, width], `factor` pixels a cell. */
export const pixelDims = (factor: number): [Dim, Dim] => [times(factor, 'height'), times(factor, 'width')];
