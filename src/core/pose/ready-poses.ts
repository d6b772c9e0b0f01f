/** Poses to begin with, made for this app: places in heights of the person, from the middle and from the top of the head. */
import type { Joint, Person } from './skeleton';

type Place = readonly [across: number, down: number];

/** Places in the order of JOINTS: right is at the viewer's left. */
const STANDING: readonly Place[] = [
  [0, 0.085],
  [0, 0.19],
  [-0.1, 0.19],
  [-0.125, 0.35],
  [-0.135, 0.5],
  [0.1, 0.19],
  [0.125, 0.35],
  [0.135, 0.5],
  [-0.065, 0.5],
  [-0.07, 0.73],
  [-0.075, 0.96],
  [0.065, 0.5],
  [0.07, 0.73],
  [0.075, 0.96],
  [-0.025, 0.065],
  [0.025, 0.065],
  [-0.055, 0.08],
  [0.055, 0.08],
];

/** Joints elsewhere than of somebody who stands. */
const but = (changes: Readonly<Record<number, Place>>): readonly Place[] =>
  STANDING.map((place, i) => changes[i] ?? place);

export const READY_POSES = {
  standing: { label: 'Standing', places: STANDING },
  arms_out: {
    label: 'Arms out',
    places: but({ 3: [-0.27, 0.19], 4: [-0.43, 0.19], 6: [0.27, 0.19], 7: [0.43, 0.19] }),
  },
  waving: { label: 'Waving', places: but({ 3: [-0.2, 0.09], 4: [-0.19, -0.07], 6: [0.13, 0.35], 7: [0.11, 0.5] }) },
  hands_on_hips: {
    label: 'Hands on hips',
    places: but({
      3: [-0.24, 0.33],
      4: [-0.1, 0.46],
      6: [0.24, 0.33],
      7: [0.1, 0.46],
      10: [-0.11, 0.96],
      13: [0.11, 0.96],
    }),
  },
  walking: {
    label: 'Walking',
    places: but({
      ...{ 3: [-0.13, 0.34], 4: [-0.04, 0.46], 6: [0.15, 0.34], 7: [0.19, 0.49] },
      ...{ 9: [-0.12, 0.72], 10: [-0.2, 0.93], 12: [0.12, 0.72], 13: [0.08, 0.96] },
    }),
  },
  running: {
    label: 'Running',
    places: but({
      ...{ 0: [0.06, 0.1], 1: [0.02, 0.2], 2: [-0.06, 0.21], 5: [0.1, 0.2], 14: [0.045, 0.08], 15: [0.085, 0.08] },
      ...{ 16: [0.01, 0.095], 17: [0.1, 0.095], 3: [-0.19, 0.31], 4: [-0.12, 0.44], 6: [0.2, 0.31], 7: [0.3, 0.2] },
      ...{ 8: [-0.07, 0.5], 11: [0.05, 0.5], 9: [-0.1, 0.72], 10: [-0.3, 0.75], 12: [0.2, 0.61], 13: [0.19, 0.84] },
    }),
  },
  sitting: {
    label: 'Sitting',
    places: but({
      ...{ 3: [-0.15, 0.34], 4: [-0.13, 0.49], 6: [0.15, 0.34], 7: [0.13, 0.49] },
      ...{ 9: [-0.13, 0.57], 10: [-0.12, 0.8], 12: [0.13, 0.57], 13: [0.12, 0.8] },
    }),
  },
  jumping: {
    label: 'Jumping',
    places: but({
      ...{ 3: [-0.22, 0.08], 4: [-0.3, -0.06], 6: [0.22, 0.08], 7: [0.3, -0.06] },
      ...{ 9: [-0.18, 0.66], 10: [-0.25, 0.85], 12: [0.2, 0.64], 13: [0.12, 0.82] },
    }),
  },
} as const satisfies Record<string, { label: string; places: readonly Place[] }>;

export type ReadyPoseId = keyof typeof READY_POSES;

/** Height of a person, as a share of the picture's. */
const TALL = 0.8;

/** @param across  where its middle is, 0…1 */
export function readyPerson(
  id: ReadyPoseId,
  { width, height }: { width: number; height: number },
  across = 0.5,
): Person {
  const tall = TALL * Math.min(height, 1.4 * width);
  const top = (height - tall) / 2 + 0.04 * tall;
  return READY_POSES[id].places.map(([x, y]): Joint => ({
    x: Math.round(across * width + x * tall),
    y: Math.round(top + y * tall),
  }));
}
