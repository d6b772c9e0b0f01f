/** A person as 18 joints and 17 limbs, with OpenPose's order and colours. @see Cao et al. 2018, arXiv:1812.08008; ControlNet annotator/openpose/util.py */

export const JOINTS = [
  'Nose',
  'Neck',
  'Right shoulder',
  'Right elbow',
  'Right wrist',
  'Left shoulder',
  'Left elbow',
  'Left wrist',
  'Right hip',
  'Right knee',
  'Right ankle',
  'Left hip',
  'Left knee',
  'Left ankle',
  'Right eye',
  'Left eye',
  'Right ear',
  'Left ear',
] as const;

/** Pairs of joints that are joined, in the order in which they are drawn. */
export const LIMBS: readonly (readonly [number, number])[] = [
  [1, 2],
  [1, 5],
  [2, 3],
  [3, 4],
  [5, 6],
  [6, 7],
  [1, 8],
  [8, 9],
  [9, 10],
  [1, 11],
  [11, 12],
  [12, 13],
  [1, 0],
  [0, 14],
  [14, 16],
  [0, 15],
  [15, 17],
];

type Colour = readonly [number, number, number];

/** Colours of joints; a limb has that of its place in LIMBS, darker. Steps of a third between the six pure colours. */
export const COLOURS: readonly Colour[] = Array.from({ length: JOINTS.length }, (_, i) => hue((i * 60) / 3));

function hue(degrees: number): Colour {
  const level = (from: number): number => {
    const k = (from + degrees / 60) % 6;
    return Math.round(255 * (1 - Math.max(0, Math.min(k, 4 - k, 1))));
  };
  return [level(5), level(3), level(1)];
}

const swapped = (name: string): string =>
  name.startsWith('Right') ? name.replace('Right', 'Left') : name.replace('Left', 'Right');

/** Right and left change places when a person is mirrored. */
export const MIRRORED: readonly number[] = JOINTS.map((name) => JOINTS.findIndex((other) => other === swapped(name)));

export interface Joint {
  /** Pixels from the left and the top; may lie outside. */
  x: number;
  y: number;
  /** Neither it nor its limbs are drawn. */
  isHidden?: true;
}

/** A person's joints, as many as JOINTS. */
export type Person = readonly Joint[];

export interface Pose {
  width: number;
  height: number;
  people: readonly Person[];
}
