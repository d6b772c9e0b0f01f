/** The size of a latent, and that of its picture. */
import { times, type Dim } from '../graph';
import type { UnetConfig } from './unet-config';

export interface LatentSize {
  /** Height in cells, not in pixels. */
  height: number;
  width: number;
}

/** Height and width of a picture whose latent is [.., height, width], `factor` pixels a cell. */
export const pixelDims = (factor: number): [Dim, Dim] => [times(factor, 'height'), times(factor, 'width')];

/** Size of a U-Net's maps at a level of the way down: without padding an odd side loses a row. */
export function levelSize(
  { downsamplePadding }: Pick<UnetConfig, 'downsamplePadding'>,
  size: LatentSize,
  level: number,
): LatentSize {
  const halve = (side: number): number => (downsamplePadding === 0 ? Math.floor(side / 2) : Math.ceil(side / 2));
  let { height, width } = size;
  for (let i = 0; i < level; i++) [height, width] = [halve(height), halve(width)];
  return { height, width };
}
