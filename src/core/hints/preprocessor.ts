/** What a preprocessor is: a picture goes in, the hint of a ControlNet comes out. One a file; the table is in preprocessors.ts. */
import type { RecolorPart } from '../image/colour/recolor';
import type { Mask, Raster, Size } from '../image/raster';
import type { AnnotatorId } from '../networks/annotators/recognise';

/** What a ControlNet was trained on; people choose this first, and see the preprocessors and networks that suit it. */
export type ControlType =
  | 'canny'
  | 'lineart'
  | 'softedge'
  | 'scribble'
  | 'mlsd'
  | 'depth'
  | 'normal'
  | 'openpose'
  | 'segmentation'
  | 'tile'
  | 'blur'
  | 'inpaint'
  | 'shuffle'
  | 'recolor'
  | 'color'
  | 'ip2p'
  | 'ip-adapter';

export interface HintSetting {
  /** Name in sd-webui-controlnet's list. */
  label: string;
  min: number;
  max: number;
  step: number;
  /** What it is where nobody says. */
  value: number;
  /** The setting is not offered to people; only "pixel perfect" changes it. */
  isFixed?: true;
}

/** Names as the infotext has them, without spaces: Processor Res, Threshold A, Threshold B. */
export const HINT_SETTING_IDS = ['resolution', 'thresholdA', 'thresholdB'] as const;
export type HintSettingId = (typeof HINT_SETTING_IDS)[number];

/** What a preprocessor has none of is 0. */
export interface HintValues extends Record<HintSettingId, number> {
  /** Seed of 32 bits, unsigned. */
  seed: number;
}

export interface HintSource {
  picture: Raster<3>;
  /** 255 where to repaint; of the picture's size. */
  mask?: Mask;
}

interface Described {
  /** What sd-webui-controlnet writes as Module into infotexts. */
  label: string;
  /** What else it is called in infotexts, its API and ComfyUI. */
  aliases: readonly string[];
  /** Types of control it is listed under; empty: every type. */
  types: readonly ControlType[];
  settings: Readonly<Partial<Record<HintSettingId, HintSetting>>>;
  usesSeed?: true;
  /** Without a mask there is nothing to make. */
  needsMask?: true;
  /** Its result is the picture as an adapter's vision tower looks at it, and no hint of the size that is painted. */
  readsPicture?: true;
  /** What happens besides, which the one who draws the picture does: words for people, after "it". */
  alsoDoes?: string;
  /** Which part of its colours the painted picture takes from the hint: see image/colour/recolor.ts. */
  recolors?: RecolorPart;
  /** The picture keeps the hint's colours at large while it is painted: see control/keep-colours.ts. */
  keepsColours?: true;
  /** Licence of what it computes with. */
  licence: string;
}

export interface ComputedPreprocessor extends Described {
  /** @returns grey, RGB, or RGBA whose alpha is the mask; not always of the picture's size */
  make(source: HintSource, values: HintValues): Raster;
}

/** A map that a network drew, row by row. */
export interface DrawnMap extends Size {
  values: Float32Array;
}

/** A network that is drawn with. */
export interface NetworkFile {
  network: AnnotatorId;
  /** Its file: networks of one kind may have several. */
  file: string;
  /** Its id in the catalogue, where it can be got with a press. */
  helper?: string;
}

/** What a network is shown: [3, height, width], RGB in 0…255 */
export interface Sight {
  planes: Float32Array;
  size: Size;
}

export interface NetworkPreprocessor extends Described, NetworkFile {
  /** What the network is shown of a picture whose sides are multiples of 64, where that is not the picture. */
  look?(picture: Raster<3>): Sight;
  /** @param maps  in the order of the network's outputs @param size  of the picture whose sides are multiples of 64 */
  finish(maps: readonly DrawnMap[], size: Size, values: HintValues): Raster<1> | Raster<3>;
  /** What is done to what is left without padding. */
  afterwards?(hint: Raster<1>): Raster<1>;
}

/** Who runs networks for a preprocessor. */
export interface NetworkRunner {
  /** Whether a network is here that can be done without. */
  has(network: NetworkFile): boolean;
  /** @returns the network's outputs, in its order, for each of what it is shown */
  run(network: NetworkFile, shown: readonly Sight[]): Promise<readonly (readonly DrawnMap[])[]>;
  /** A sentence for who made the hint. */
  say(notice: string): void;
}

/** Finds places in a picture before it looks at each of them. */
export interface SeekingPreprocessor extends Described, NetworkFile {
  /** That finds places; without it the whole picture is one. `offer` says in a sentence what it is good for. */
  finder: NetworkFile & { offer: string };
  /**
   * @param picture  as it is @param padded  the same, its sides multiples of 64
   * @returns a hint as large as the padded one, and what was found, as text that a recipe can keep: a pose
   */
  seek(picture: Raster<3>, padded: Raster<3>, by: NetworkRunner): Promise<{ hint: Raster<3>; found: string }>;
}

export type Preprocessor = ComputedPreprocessor | NetworkPreprocessor | SeekingPreprocessor;

/** Licence where nothing is downloaded. */
export const OWN_ARITHMETIC = 'Gesso’s own arithmetic, Apache-2.0';

/** Pixels of the shorter side that the picture is brought to before it is looked at. */
export const RESOLUTION: HintSetting = { label: 'Resolution', min: 64, max: 2048, step: 8, value: 512 };
export const FIXED_RESOLUTION: HintSetting = { ...RESOLUTION, isFixed: true };
