/** Whether a picture will fit on a device, as far as that can be told before: an estimate, never a refusal. */
import type { PictureMemory } from './picture-memory';

/** What a device gave so far. */
export interface Given {
  /** Bytes of the largest buffer that the device allows. */
  maxBufferBytes?: number;
  /** All its memory, as its owner says. */
  memoryBytes?: number;
  /** The largest estimate of a picture that was finished here. */
  paintedBytes?: number;
  /** The smallest estimate of a picture that found no room here. */
  refusedBytes?: number;
}

/**
 * WebGPU does not say how much memory there is. A device's largest buffer grows with it: 0.25 to 1 GiB on phones, 2 to
 * 4 GiB on desktop GPUs of 8 GB and more, of which 6.5 GB are for us. Small devices share their memory with all else, and end a page
 * that takes too much: one and a half buffers.
 */
const DESKTOP_BUFFER_BYTES = 2e9;
const DESKTOP_BYTES = 6.5e9;
const SMALL_BUFFERS = 1.5;

/** Share of a GPU's memory that is used: the rest is for the system's windows, other programs and the browser. */
const USABLE_SHARE = DESKTOP_BYTES / 8e9;

/** @returns what a model may take of a GPU, weights and all, before it is known better; undefined where nothing is known */
export function usableBytes({ maxBufferBytes, memoryBytes }: Pick<Given, 'maxBufferBytes' | 'memoryBytes'>) {
  if (memoryBytes !== undefined) return USABLE_SHARE * memoryBytes;
  if (maxBufferBytes === undefined) return undefined;
  return maxBufferBytes >= DESKTOP_BUFFER_BYTES ? DESKTOP_BYTES : SMALL_BUFFERS * maxBufferBytes;
}

/** Share of the usable memory that a component's weights may take before its kernels are held in 8 bits: the rest is for activations. */
const KERNELS_SHARE = 0.8;

/**
 * Whether kernels of convolutions stay in 8 bits on a GPU, which takes a kernel more for each in every call: where what is largest would not fit
 * otherwise, loaded alone. Where nothing is known of the device, as if there were room.
 *
 * @param largestBytes  of the component's weights that take most, kernels widened
 */
export const lacksRoomForKernels = (
  largestBytes: number,
  given: Pick<Given, 'maxBufferBytes' | 'memoryBytes'>,
): boolean => largestBytes > KERNELS_SHARE * (usableBytes(given) ?? Infinity);

/** @returns what may be hoped for; undefined where nothing is known */
export function hopedBytes(given: Given): number | undefined {
  const { paintedBytes = 0, refusedBytes = Infinity } = given;
  const usable = usableBytes(given);
  if (usable === undefined && paintedBytes === 0 && refusedBytes === Infinity) return undefined;
  const promised = usable ?? Infinity;
  // a picture that was painted is surer than any guess, and so is one that was not
  return Math.max(paintedBytes, Math.min(promised, refusedBytes - 1));
}

export interface RoomInput {
  width: number;
  height: number;
  given: Given;
  /** Memory that a picture of another size takes. */
  memoryOf(width: number, height: number): PictureMemory;
}

/** Sizes that are tried in its place: sides of the same ratio, on this grid. */
const GRID_PX = 64;

/** One sentence or two where it will probably not fit, else undefined. */
export function roomNote({ width, height, given, memoryOf }: RoomInput): string | undefined {
  const hoped = hopedBytes(given);
  const needed = memoryOf(width, height).peakInTurnBytes;
  if (hoped === undefined || needed <= hoped) return undefined;
  const fitting = largestFitting({ width, height, given, memoryOf }, hoped);
  const way = fitting
    ? `${fitting.width} × ${fitting.height} should fit.`
    : 'No smaller size of it will fit either: choose a smaller model, or one stored in 8 or 4 bits.';
  return `${width} × ${height} needs about ${gigabytes(needed)} of GPU memory, by estimate; ${givenText(given)} ${way}`;
}

function givenText(given: Given): string {
  const { memoryBytes, paintedBytes = 0, refusedBytes } = given;
  if (refusedBytes !== undefined && refusedBytes > paintedBytes)
    return paintedBytes > 0
      ? `this GPU has given ${gigabytes(paintedBytes)} so far, and refused ${gigabytes(refusedBytes)}.`
      : `this GPU has refused ${gigabytes(refusedBytes)}.`;
  const promised = usableBytes(given) ?? 0;
  if (paintedBytes >= promised) return `this GPU has given ${gigabytes(paintedBytes)} so far.`;
  return memoryBytes !== undefined
    ? `of ${gigabytes(memoryBytes)} a page can use about ${gigabytes(promised)}.`
    : `by its largest buffer this GPU has about ${gigabytes(promised)}.`;
}

function largestFitting(
  { width, height, memoryOf }: RoomInput,
  hoped: number,
): { width: number; height: number } | undefined {
  const longer = Math.max(width, height);
  for (let side = Math.floor((longer - 1) / GRID_PX) * GRID_PX; side >= GRID_PX; side -= GRID_PX) {
    const [w, h] = [width, height].map((px) => Math.max(GRID_PX, Math.round((px * side) / longer / GRID_PX) * GRID_PX));
    if (memoryOf(w, h).peakInTurnBytes <= hoped) return { width: w, height: h };
  }
  return undefined;
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(bytes < 9.5e9 ? 1 : 0)} GB`;
