/**
 * The table of preprocessors. Keys go into recipes and links; labels are sd-webui-controlnet's. One more is one file and one line.
 *
 * @see sd-webui-controlnet scripts/preprocessor, preprocessor_compiled.py: names, ranges and defaults
 */
import { BLUR_GAUSSIAN } from './blur-gaussian';
import { CANNY } from './canny';
import { COLOR_GRID } from './color-grid';
import { IP_ADAPTER_AUTO } from './image-prompt';
import { DEPTH_ANYTHING_V2, NORMAL_FROM_DEPTH, NORMAL_FROM_DEPTH_V1 } from './depth';
import { INPAINT_GLOBAL_HARMONIOUS, INPAINT_ONLY } from './inpaint';
import { INVERT } from './invert';
import { LINEART_ANIME } from './lineart-anime';
import { LINEART_STANDARD } from './lineart-standard';
import { LINEART_COARSE, LINEART_REALISTIC } from './lineart';
import { MLSD } from './mlsd';
import { NONE } from './none';
import { OPENPOSE } from './openpose';
import { SCRIBBLE_PIDINET, SKETCH_PIDI, SOFTEDGE_PIDINET, SOFTEDGE_PIDISAFE } from './pidinet';
import type { ComputedPreprocessor, ControlType, Preprocessor, SeekingPreprocessor } from './preprocessor';
import { RECOLOR_INTENSITY, RECOLOR_LUMINANCE } from './recolor';
import { SCRIBBLE_XDOG } from './scribble-xdog';
import { SHUFFLE } from './shuffle';
import { SCRIBBLE_HED, SOFTEDGE_HED, SOFTEDGE_HEDSAFE, SOFTEDGE_TEED } from './softedge';
import { THRESHOLD } from './threshold';
import { TILE_COLORFIX, TILE_COLORFIX_SHARP, TILE_RESAMPLE } from './tile';

/** All preprocessors; the first of a control type is what most people want. */
export const PREPROCESSORS = {
  none: NONE,
  canny: CANNY,
  invert: INVERT,
  lineart_standard: LINEART_STANDARD,
  lineart_realistic: LINEART_REALISTIC,
  lineart_coarse: LINEART_COARSE,
  lineart_anime: LINEART_ANIME,
  softedge_hed: SOFTEDGE_HED,
  softedge_hedsafe: SOFTEDGE_HEDSAFE,
  softedge_pidinet: SOFTEDGE_PIDINET,
  softedge_pidisafe: SOFTEDGE_PIDISAFE,
  softedge_teed: SOFTEDGE_TEED,
  scribble_xdog: SCRIBBLE_XDOG,
  scribble_hed: SCRIBBLE_HED,
  scribble_pidinet: SCRIBBLE_PIDINET,
  t2ia_sketch_pidi: SKETCH_PIDI,
  mlsd: MLSD,
  depth_anything_v2: DEPTH_ANYTHING_V2,
  normal_from_depth: NORMAL_FROM_DEPTH,
  normal_from_depth_v1: NORMAL_FROM_DEPTH_V1,
  openpose: OPENPOSE,
  threshold: THRESHOLD,
  tile_resample: TILE_RESAMPLE,
  tile_colorfix: TILE_COLORFIX,
  'tile_colorfix+sharp': TILE_COLORFIX_SHARP,
  blur_gaussian: BLUR_GAUSSIAN,
  inpaint_only: INPAINT_ONLY,
  inpaint_global_harmonious: INPAINT_GLOBAL_HARMONIOUS,
  recolor_luminance: RECOLOR_LUMINANCE,
  recolor_intensity: RECOLOR_INTENSITY,
  shuffle: SHUFFLE,
  t2ia_color_grid: COLOR_GRID,
  'ip-adapter-auto': IP_ADAPTER_AUTO,
} as const satisfies Record<string, Preprocessor>;

export type PreprocessorId = keyof typeof PREPROCESSORS;
export const PREPROCESSOR_IDS = Object.keys(PREPROCESSORS) as PreprocessorId[];

export function preprocessor(id: PreprocessorId): Preprocessor {
  return PREPROCESSORS[id];
}

/** Those that need no network. */
export type ComputedId = {
  [Id in PreprocessorId]: (typeof PREPROCESSORS)[Id] extends ComputedPreprocessor ? Id : never;
}[PreprocessorId];

export const isComputed = (id: PreprocessorId): id is ComputedId => 'make' in preprocessor(id);

/** What it makes is looked at by an adapter of pictures, whatever size is painted. */
export function readsPicture(name: string): boolean {
  const id = findPreprocessor(name);
  return id !== undefined && preprocessor(id).readsPicture === true;
}

/** Its hint has the mask as its alpha: networks see no colour there. */
export function needsMask(name: string): boolean {
  const id = findPreprocessor(name);
  return id !== undefined && preprocessor(id).needsMask === true;
}

/** The file of weights that it draws with; undefined of those that need none. */
export function networkFile(name: string): string | undefined {
  const id = findPreprocessor(name);
  const one = id && preprocessor(id);
  return one && 'network' in one ? one.file : undefined;
}

/** The network that finds places for it first, where it has one. */
export function finderOf(name: string): SeekingPreprocessor['finder'] | undefined {
  const id = findPreprocessor(name);
  const one = id && preprocessor(id);
  return one && 'finder' in one ? one.finder : undefined;
}

const plain = (name: string): string => name.trim().toLowerCase().replaceAll(' ', '_');

/** Finds a preprocessor by key, label or alias, in any case, its words apart or joined by underscores; undefined for one that is not here. */
export function findPreprocessor(name: string): PreprocessorId | undefined {
  const wanted = plain(name);
  return PREPROCESSOR_IDS.find((id) => {
    const { label, aliases } = preprocessor(id);
    return [id, label, ...aliases].some((known) => plain(known) === wanted);
  });
}

/** Those that suit it, best first; 'none' suits all and comes last. */
export function preprocessorsFor(type: ControlType): PreprocessorId[] {
  return [...PREPROCESSOR_IDS.filter((id) => preprocessor(id).types.includes(type)), 'none'];
}
