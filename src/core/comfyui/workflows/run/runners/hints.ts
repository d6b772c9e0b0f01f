/** Packs' preprocessors, by those of sd-webui-controlnet, which compute the same; and savers that are told of the recipe. */
import { roundHalfEven } from '../../../../math';
import { nearestHint } from '../../nodes/nearest-hint';
import { Place, type Runners } from '../graph-walk';
import type { ImageValue } from '../values';
import { keepAll } from './images';
import { sized } from './latents';
import { literal } from './values';

export const HINT_RUNNERS: Runners = {
  draw_hint: (at) => {
    const name = at.node.class_type === 'AIO_Preprocessor' ? at.text('preprocessor') : at.node.class_type;
    return [name.toLowerCase() === 'none' ? at.take('image', 'IMAGE') : drawn(at, name), undefined];
  },
  /** The marks of the pack's file names (%time, %seed …) are left out: ComfyUI's own are none of them. */
  save_image_told: (at) => {
    keepNamed(at, ['path', 'filename'], /%[A-Za-z]+/g);
    return [];
  },
  save_image_in_folder: (at) => {
    keepNamed(at, ['output_path', 'filename_prefix'], /\[[^[\]]*\]/g);
    return [at.take('images', 'IMAGE'), ...literal('')];
  },
};

/** Saves under names without the pack's own marks. @param names  of the inputs that say the folder and the file */
function keepNamed(at: Place, names: readonly [folder: string, file: string], marks: RegExp): void {
  if (at.text('extension') !== 'png')
    at.walk.notices.add(`Pictures are saved as PNG here, not as ${at.text('extension')}.`);
  const [folder, file] = names.map((name) =>
    at
      .text(name)
      .replace(marks, '')
      .replace(/^[-_\s/]+|[-_\s/]+$/g, ''),
  );
  const prefix = [folder, file || 'ComfyUI'].filter((part) => part !== '').join('/');
  keepAll(at, at.take('images', 'IMAGE').items, prefix);
}

/** A hint of each picture. @param name  of the class that draws it, which one node is told */
function drawn(at: Place, name: string): ImageValue {
  const resolution = at.number('resolution');
  // What is only named has its defaults.
  const told = at.node.class_type === name ? at : new Place(at.walk, at.id, { class_type: name, inputs: {} });
  const settings = Object.hasOwn(MODULES, name) ? MODULES[name](told) : undefined;
  if (!settings) throw at.stop(nearestHint(name) ?? `the preprocessor ${name} does not run here.`);
  if (Object.hasOwn(STAND_INS, name)) at.walk.notices.add(`${name}: ${STAND_INS[name]}`);
  const items = at.each(at.take('image', 'IMAGE').items, ({ wire: image, size }, part) => {
    const scale = size && resolution / Math.min(size.width, size.height);
    const to = size && {
      width: roundHalfEven(size.width * (scale ?? 1)),
      height: roundHalfEven(size.height * (scale ?? 1)),
    };
    return sized(part.wire('make_hint', 'image', { ...settings, resolution }, { image }), to);
  });
  return { type: 'IMAGE', items };
}

const isOn = (at: Place, name: string): boolean => at.value(name) !== undefined && at.text(name) === 'enable';

/** @see comfyui_controlnet_aux src/custom_controlnet_aux: canny, hed, lineart, mlsd, pidi, scribble, teed */
const MODULES: Readonly<Record<string, (at: Place) => object>> = {
  CannyEdgePreprocessor: (at) => ({
    module: 'canny',
    // 0 keeps as much as 1: no gradient lies between
    thresholdA: Math.max(1, at.number('low_threshold')),
    thresholdB: Math.max(1, at.number('high_threshold')),
  }),
  HEDPreprocessor: (at) => ({ module: isOn(at, 'safe') ? 'softedge_hedsafe' : 'softedge_hed' }),
  FakeScribblePreprocessor: () => ({ module: 'scribble_hed' }),
  PiDiNetPreprocessor: (at) => ({ module: isOn(at, 'safe') ? 'softedge_pidisafe' : 'softedge_pidinet' }),
  Scribble_PiDiNet_Preprocessor: () => ({ module: 'scribble_pidinet' }),
  TEEDPreprocessor: (at) => ({ module: 'softedge_teed', thresholdA: at.number('safe_steps') }),
  'M-LSDPreprocessor': (at) => ({
    module: 'mlsd',
    thresholdA: at.number('score_threshold'),
    thresholdB: at.number('dist_threshold'),
  }),
  LineArtPreprocessor: (at) => ({ module: isOn(at, 'coarse') ? 'lineart_coarse' : 'lineart_realistic' }),
  Scribble_XDoG_Preprocessor: (at) => ({ module: 'scribble_xdog', thresholdA: at.number('threshold') }),
  // white from a least channel of 127
  ScribblePreprocessor: () => ({ module: 'threshold', thresholdA: 126 }),
  AnimeLineArtPreprocessor: () => ({ module: 'lineart_anime' }),
  LineartStandardPreprocessor: (at) => {
    if (at.number('guassian_sigma') !== 6 || at.number('intensity_threshold') !== 8)
      throw at.stop('only the sigma 6 and the threshold 8 run here.');
    return { module: 'lineart_standard' };
  },
  ...Object.fromEntries(
    [
      ...['DepthAnythingV2Preprocessor', 'DepthAnythingPreprocessor', 'Zoe-DepthMapPreprocessor'],
      ...['MiDaS-DepthMapPreprocessor', 'LeReS-DepthMapPreprocessor'],
    ].map((name) => [name, () => ({ module: 'depth_anything_v2' })]),
  ),
  'MiDaS-NormalMapPreprocessor': (at) => ({
    module: 'normal_from_depth_v1',
    thresholdA: at.number('bg_threshold'),
    thresholdB: (2 * Math.PI) / Math.max(0.1, at.number('a')),
  }),
  'BAE-NormalMapPreprocessor': () => ({ module: 'normal_from_depth' }),
  OpenposePreprocessor: () => ({ module: 'openpose' }),
  DWPreprocessor: () => ({ module: 'openpose' }),
};

const DEPTH = 'its depth is drawn by Depth Anything V2 small here, which is another network.';
const NORMALS = 'its normals are those of a depth by Depth Anything V2 small here.';
const POSE = 'the pose of one person is found by ViTPose here, without hands and face.';

/** What another network does in place of theirs, which is said. */
const STAND_INS: Readonly<Record<string, string>> = {
  DepthAnythingV2Preprocessor: DEPTH,
  DepthAnythingPreprocessor: DEPTH,
  'Zoe-DepthMapPreprocessor': DEPTH,
  'MiDaS-DepthMapPreprocessor': DEPTH,
  'LeReS-DepthMapPreprocessor': DEPTH,
  'MiDaS-NormalMapPreprocessor': NORMALS,
  'BAE-NormalMapPreprocessor': NORMALS,
  OpenposePreprocessor: POSE,
  DWPreprocessor: POSE,
};
