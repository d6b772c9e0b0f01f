/**
 * Where people are in a picture, by a network that tells of up to a hundred things what they are and where (YOLOS): how it is shown the picture, and
 * boxes of what it says.
 *
 * @see transformers YolosImageProcessorPil (shortest edge 512, longest 1333, Pillow's bilinear, multiples of 16), post_process_object_detection
 */
import type { Raster, Size } from '../image/raster';
import { pillowResize } from '../image/resample';
import { roundHalfEven } from '../math/round-half-even';

/** What yolos-tiny's sides are brought to, and multiples of. */
const [SHORT, LONG, PART] = [512, 1333, 16];
/** Its number among COCO's 91 kinds. */
const PERSON = 1;
/** How sure a person must be. transformers says 0.9, of which those of drawings and behind others fall short. */
const SURE = 0.7;
/** Two boxes that have more than this of their area in common are of one person. */
const ALIKE = 0.6;

/** What a person fills of a picture, in pixels; may reach outside. */
export interface PersonBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface FoundPerson {
  box: PersonBox;
  /** How sure, 0…1. */
  score: number;
}

/** A table, row by row: as many rows as the network has tokens. */
interface Table extends Size {
  values: Float32Array;
}

/** The size at which the network looks at a picture: both sides multiples of 16, so that it may be stretched a little. */
export function peopleSize({ width, height }: Size): Size {
  const [least, most] = [Math.min(width, height), Math.max(width, height)];
  const exact = (most / least) * SHORT > LONG ? (LONG * least) / most : undefined;
  const short = exact === undefined ? SHORT : roundHalfEven(exact);
  const long = Math.trunc(((exact ?? short) * most) / least);
  const [wide, high] = width < height ? [short, long] : [long, short];
  return { width: inParts(wide), height: inParts(high) };
}

const inParts = (side: number): number => Math.max(1, Math.floor(side / PART)) * PART;

/** The picture as the network sees it. @returns planes of RGB in 0…255, whole numbers */
export function lookForPeople(picture: Raster<3>): { planes: Float32Array; size: Size } {
  const size = peopleSize(picture);
  const { data } = pillowResize(picture, size, { filter: 'bilinear' });
  const count = size.width * size.height;
  const planes = Float32Array.from({ length: 3 * count }, (_, i) => data[3 * (i % count) + Math.floor(i / count)]);
  return { planes, size };
}

/**
 * People of what the network says, the surest first.
 *
 * @param kinds  [tokens, 92], logits of COCO's kinds and of none @param boxes  [tokens, 4], centre, width and height as parts of the picture's sides
 * @param picture  in whose pixels boxes are given
 */
export function peopleOf([kinds, boxes]: readonly Table[], picture: Size): FoundPerson[] {
  const found: FoundPerson[] = [];
  for (let token = 0; token < kinds.height; token++) {
    const score = likelihood(kinds.values.subarray(token * kinds.width, (token + 1) * kinds.width), PERSON);
    if (!(score > SURE)) continue; // above one half no other kind is likelier
    const [x, y, wide, high] = boxes.values.subarray(token * boxes.width, (token + 1) * boxes.width);
    const [width, height] = [wide * picture.width, high * picture.height];
    found.push({ box: { x: x * picture.width - width / 2, y: y * picture.height - height / 2, width, height }, score });
  }
  return found.sort((a, b) => b.score - a.score);
}

/** Softmax, of one. */
function likelihood(logits: Float32Array, at: number): number {
  const most = logits.reduce((a, b) => Math.max(a, b));
  return Math.exp(logits[at] - most) / logits.reduce((sum, value) => sum + Math.exp(value - most), 0);
}

export interface ChosenPeople {
  /** From the left to the right. */
  boxes: PersonBox[];
  /** How many more there are, which are smaller. */
  more: number;
}

/** Each person once, the largest where there are more than `most`. @param found  the surest first */
export function choosePeople(found: readonly FoundPerson[], most: number): ChosenPeople {
  const people: PersonBox[] = [];
  for (const { box } of found) if (people.every((other) => inCommon(other, box) <= ALIKE)) people.push(box);
  const largest = people.toSorted((a, b) => area(b) - area(a)).slice(0, most);
  return {
    boxes: largest.toSorted((a, b) => middle(a) - middle(b) || a.y - b.y),
    more: people.length - largest.length,
  };
}

const area = ({ width, height }: PersonBox): number => width * height;
const middle = ({ x, width }: PersonBox): number => x + width / 2;

/** Their common part, as part of all that they cover. */
function inCommon(a: PersonBox, b: PersonBox): number {
  const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const common = Math.max(0, wide) * Math.max(0, high);
  return common === 0 ? 0 : common / (area(a) + area(b) - common);
}
