/** How large a part of a picture is developed, or read, at once: all of it where that fits, else tiles. */
import { LEAST_TILE, planTiles, type Tile } from '../../core/image';
import { usableBytes, type LatentSize } from '../../core/networks';
import type { DeviceReport } from '../api';

/** What the decoder or the encoder takes for a latent of this size, its weights left out. */
export interface CoderMemory {
  pooledBytes: number;
  /** Its largest buffer. */
  largestBytes: number;
}

/** Sides of tiles that are tried, in cells. */
const SIDES = [192, 160, 128, 112, 96, 80, 64, 48, LEAST_TILE];

export class TileRoom {
  /** Bytes that were refused here. */
  #refused = Infinity;
  /** Bytes of the attempt under way, and whether its tiles are the smallest. */
  #tried: { bytes: number; isSmallest: boolean } | undefined;

  /** @param memoryOf  of the network in the form in which it is loaded */
  plan(size: LatentSize, memoryOf: (size: LatentSize) => CoderMemory, device: DeviceReport): Tile[] {
    const { maxBufferBytes = Infinity } = device;
    // A guess that is too high costs an attempt, one that is too low the exactness of the picture.
    const usable = usableBytes(device) ?? Infinity;
    const fits = (part: LatentSize): boolean => {
      const { pooledBytes, largestBytes } = memoryOf(part);
      return largestBytes <= maxBufferBytes && pooledBytes <= usable && pooledBytes < this.#refused;
    };
    const sides = [
      Math.max(size.width, size.height),
      ...SIDES.filter((side) => side < Math.max(size.width, size.height)),
    ];
    const side = sides.find((cells) => fits(partOf(size, cells))) ?? sides[sides.length - 1];
    this.#tried = { bytes: memoryOf(partOf(size, side)).pooledBytes, isSmallest: side === sides[sides.length - 1] };
    return planTiles(size, side);
  }

  /** The picture is done, or another attempt begins. */
  done(): void {
    this.#tried = undefined;
  }

  /** Called after an attempt that broke. @returns whether the next one takes less memory because it is of smaller parts */
  shrink(): boolean {
    const tried = this.#tried;
    this.#tried = undefined;
    if (!tried || tried.isSmallest) return false;
    this.#refused = Math.min(this.#refused, tried.bytes);
    return true;
  }
}

const partOf = ({ width, height }: LatentSize, side: number): LatentSize => ({
  width: Math.min(width, side),
  height: Math.min(height, side),
});
