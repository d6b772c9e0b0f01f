/**
 * A person in a picture, found by a network that draws how likely each of COCO's 17 joints is where (ViTPose): how it is shown the picture,
 * and joints of its maps.
 *
 * Each person is looked at in a box, which find-people.ts knows, or which is the whole picture.
 *
 * @see transformers VitPoseImageProcessorPil (box, bilinear affine transform of scipy, DARK's sub-pixels); Zhang et al. 2020, arXiv:1910.06278; Huang et al. 2020,
 * arXiv:1911.07524
 */
import type { Raster, Size } from '../image/raster';
import type { PersonBox } from './find-people';
import { JOINTS, type Joint, type Person } from './skeleton';

/** What the published networks are shown. */
const SEEN: Size = { width: 192, height: 256 };
/** How much larger than the box of the person the part is that they are shown. */
const WIDER = 1.25;

/** The box of who fills the picture. */
export const wholeOf = ({ width, height }: Size): PersonBox => ({ x: 0, y: 0, width, height });

/** Around a person's box: of the sides that the network is shown, and wider. */
function boxAround({ x, y, width, height }: PersonBox): PersonBox {
  const ratio = SEEN.width / SEEN.height;
  const [wide, high] = [Math.max(width, height * ratio) * WIDER, Math.max(height, width / ratio) * WIDER];
  return { x: x + width / 2 - wide / 2, y: y + height / 2 - high / 2, width: wide, height: high };
}

/** A person as the network sees them: around the picture all is black. @returns planes of RGB in 0…255, whole numbers */
export function lookForJoints(
  picture: Raster<3>,
  person: PersonBox = wholeOf(picture),
): { planes: Float32Array; size: Size } {
  const box = boxAround(person);
  const across = taps(SEEN.width, picture.width, { from: box.x, length: box.width });
  const down = taps(SEEN.height, picture.height, { from: box.y, length: box.height });
  const count = SEEN.width * SEEN.height;
  const planes = new Float32Array(3 * count);
  const at = (x: number, y: number, c: number): number => picture.data[3 * (y * picture.width + x) + c];
  down.forEach((v, y) =>
    across.forEach((h, x) => {
      if (!v || !h) return;
      for (let c = 0; c < 3; c++) {
        const top = at(h.at, v.at, c) * (1 - h.part) + at(h.next, v.at, c) * h.part;
        const bottom = at(h.at, v.next, c) * (1 - h.part) + at(h.next, v.next, c) * h.part;
        planes[c * count + y * SEEN.width + x] = Math.floor(top * (1 - v.part) + bottom * v.part + 0.5);
      }
    }),
  );
  return { planes, size: SEEN };
}

interface Tap {
  at: number;
  next: number;
  part: number;
}

/** Where each of so many places is read; undefined outside. */
function taps(count: number, side: number, { from, length }: { from: number; length: number }): (Tap | undefined)[] {
  return Array.from({ length: count }, (_, i) => {
    const place = from + (i * length) / (count - 1);
    if (place < 0 || place > side - 1) return undefined;
    const at = Math.floor(place);
    return { at, next: Math.min(at + 1, side - 1), part: place - at };
  });
}

/** How likely the joint is at each place, row by row. */
export interface JointMap extends Size {
  values: Float32Array;
}

export interface FoundJoint {
  /** Pixels of the picture. */
  x: number;
  y: number;
  /** How sure, about 0…1. */
  score: number;
}

/** @param maps  one a joint @param person  the box that was looked at */
export function jointsOf(maps: readonly JointMap[], person: PersonBox): FoundJoint[] {
  const box = boxAround(person);
  return maps.map((map) => {
    const { width, height, values } = map;
    let best = 0;
    for (let k = 1; k < values.length; k++) if (values[k] > values[best]) best = k;
    const [x, y] = [best % width, Math.floor(best / width)];
    const by = betweenPixels(map, x, y);
    return {
      x: (x - by.x) * (box.width / (width - 1)) + box.x,
      y: (y - by.y) * (box.height / (height - 1)) + box.y,
      score: values[best],
    };
  });
}

/** A Gaussian with σ = 0.8, cut off five pixels from its middle. */
const [SIGMA, RADIUS] = [0.8, 5];
const BELL = bell();
/** Where the logarithm is taken. */
const [LEAST, MOST] = [0.001, 50];
const EPSILON = 2 ** -23;

function bell(): number[] {
  const all = Array.from({ length: 2 * RADIUS + 1 }, (_, i) => Math.exp(-((i - RADIUS) ** 2) / (2 * SIGMA ** 2)));
  const sum = all.reduce((a, b) => a + b, 0);
  return all.map((value) => value / sum);
}

/** Newton's step from the best pixel to the maximum, the logarithm being taken for a parabola; to be subtracted. */
function betweenPixels(map: JointMap, x: number, y: number): { x: number; y: number } {
  const at = (i: number, k: number): number => {
    const [column, row] = [clamped(x + i, map.width), clamped(y + k, map.height)];
    return Math.log(Math.min(MOST, Math.max(LEAST, softened(map, column, row))));
  };
  const middle = at(0, 0);
  const [dx, dy] = [(at(1, 0) - at(-1, 0)) / 2, (at(0, 1) - at(0, -1)) / 2];
  const dxx = at(1, 0) - 2 * middle + at(-1, 0) + EPSILON;
  const dyy = at(0, 1) - 2 * middle + at(0, -1) + EPSILON;
  const dxy = (at(1, 1) - at(1, 0) - at(0, 1) + 2 * middle - at(-1, 0) - at(0, -1) + at(-1, -1)) / 2;
  const area = dxx * dyy - dxy * dxy;
  if (area === 0) return { x: 0, y: 0 };
  return { x: (dyy * dx - dxy * dy) / area, y: (dxx * dy - dxy * dx) / area };
}

const clamped = (at: number, side: number): number => Math.min(side - 1, Math.max(0, at));

/** The pixel at the edge is repeated first when a map is mirrored there. */
function mirrored(at: number, side: number): number {
  const within = ((at % (2 * side)) + 2 * side) % (2 * side);
  return within < side ? within : 2 * side - 1 - within;
}

function softened({ width, height, values }: JointMap, x: number, y: number): number {
  let sum = 0;
  for (let k = -RADIUS; k <= RADIUS; k++) {
    const row = mirrored(y + k, height) * width;
    for (let i = -RADIUS; i <= RADIUS; i++)
      sum += BELL[k + RADIUS] * BELL[i + RADIUS] * values[row + mirrored(x + i, width)];
  }
  return sum;
}

/** COCO's joints in the order of a skeleton's; the neck, which COCO has not, is in the middle of its shoulders. */
const OF_COCO = [0, undefined, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3] as const;
const [NECK, RIGHT, LEFT] = [1, 2, 5];
/** How sure a joint must be to be shown. */
const SURE = 0.3;

/** @param found  COCO's 17 joints @returns undefined where none is sure; what is not sure is hidden, within the picture */
export function personOf(found: readonly FoundJoint[], picture: Size): Person | undefined {
  const joint = (at: number): Joint => {
    const { x, y, score } = found[at];
    if (score > SURE) return { x, y };
    return { x: clamped(x, picture.width), y: clamped(y, picture.height), isHidden: true };
  };
  const joints = OF_COCO.map((at) => joint(at ?? 0));
  if (joints.every(({ isHidden }) => isHidden)) return undefined;
  const [right, left] = [joints[RIGHT], joints[LEFT]];
  const isHidden = right.isHidden ?? left.isHidden;
  joints[NECK] = { x: (right.x + left.x) / 2, y: (right.y + left.y) / 2, ...(isHidden && { isHidden }) };
  return JOINTS.map((_, i) => joints[i]);
}
