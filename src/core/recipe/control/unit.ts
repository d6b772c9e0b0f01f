/** A unit of a recipe: a ControlNet or a T2I-Adapter, what it sees, and how much it counts. Names and ranges are sd-webui-controlnet's. */
import type { RangeRule } from '../../control/active-steps';
import type { ControlMode } from '../../control/control-scales';
import type { PictureJoin } from '../../control/picture-joins';
import type { UnionKind } from '../../control/union-kinds';
import type { ResizeMode } from '../../image/geometry';

/** Pictures of one unit. */
export const MOST_PICTURES = 8;

/** Passes of hires fix in which a unit acts. */
export type HiresPasses = 'both' | 'low' | 'high';

export interface ControlSettings {
  /** What makes the hint of the picture; `none`: the picture is the hint. */
  module: string;
  weight: number;
  /** The part of the steps in which it acts, 0…1, and by whose rule. */
  start: number;
  end: number;
  range: RangeRule;
  mode: ControlMode;
  /** What becomes of a hint that has another shape than the picture. */
  resizeMode: ResizeMode;
  hires: HiresPasses;
  /** Which kind of hint it is, for networks that know several; `auto`: by its module. */
  kind: 'auto' | UnionKind;
  /** Pixels at which the module looks at the picture; −1: its own. `pixelPerfect`: at the size of what is painted. */
  resolution: number;
  thresholdA: number;
  thresholdB: number;
  pixelPerfect: boolean;
  /** Of an IP-Adapter's unit that has several pictures. */
  join: PictureJoin;
}

export interface ControlUnit extends Partial<ControlSettings> {
  /** Its model: in requests the id in the library; in recipes the file's name without its ending. */
  model: string;
  /** First 8 or 10 hex digits, as texts have them. */
  modelHash?: string;
  /** SHA-256 of its picture: of its size and its RGBA. Without one of its own it sees the picture that is started from. */
  image?: string;
  /** That its picture is drawn of, in a line: see core/pose/pose-text. */
  pose?: string;
  /** SHA-256 of further pictures that an IP-Adapter reads with that one. */
  more?: readonly string[];
  /** SHA-256 of a picture that is white where its own is to be repainted, for preprocessors that leave that out; without one the start picture's mask. */
  mask?: string;
  /** SHA-256 of a picture that is white where in what is painted it acts; without one it acts everywhere. */
  region?: string;
}

/** A unit as a form holds it: one that is off is in no request. */
export interface ControlDraft extends ControlUnit {
  isOff?: boolean;
}

/** Those of a form that act. */
export const unitsOf = (drafts: readonly ControlDraft[]): ControlUnit[] =>
  drafts.filter(({ isOff }) => isOff !== true).map(({ isOff: _, ...unit }) => unit);

/** Most units that a recipe has. */
export const MOST_UNITS = 10;

export const CONTROL_DEFAULTS: ControlSettings = {
  module: 'none',
  weight: 1,
  start: 0,
  end: 1,
  range: 'a1111',
  mode: 'balanced',
  resizeMode: 'crop_and_resize',
  hires: 'both',
  kind: 'auto',
  resolution: -1,
  thresholdA: -1,
  thresholdB: -1,
  pixelPerfect: false,
  join: 'concat',
};

export function withControlDefaults(unit: ControlUnit): ControlUnit & ControlSettings {
  const said = Object.fromEntries(Object.entries(unit).filter(([, value]) => value !== undefined));
  return { ...CONTROL_DEFAULTS, ...said, model: unit.model };
}
