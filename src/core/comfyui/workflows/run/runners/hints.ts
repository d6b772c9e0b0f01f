/** Packs' preprocessors, by those of sd-webui-controlnet, which compute the same; and savers that are told of the recipe. */
import { roundHalfEven } from '../../../../math';
import type { Place, Runners } from '../graph-walk';
import { keepAll } from './images';
import { sized } from './latents';

export const HINT_RUNNERS: Runners = {
  draw_hint: (at) => {
    const resolution = at.number('resolution');
    const said = MODULES[at.node.class_type](at);
    const items = at.each(at.take('image', 'IMAGE').items, ({ wire: image, size }, part) => {
      const scale = size && resolution / Math.min(size.width, size.height);
      const to = size && {
        width: roundHalfEven(size.width * (scale ?? 1)),
        height: roundHalfEven(size.height * (scale ?? 1)),
      };
      return sized(part.wire('make_hint', 'image', { ...said, resolution }, { image }), to);
    });
    return [{ type: 'IMAGE', items }];
  },
  /** The marks of the pack's file names (%time, %seed …) are left out: ComfyUI's own are none of them. */
  save_image_told: (at) => {
    if (at.text('extension') !== 'png')
      at.walk.notices.add(`Pictures are saved as PNG here, not as ${at.text('extension')}.`);
    const clean = (name: string): string =>
      at
        .text(name)
        .replace(/%[A-Za-z]+/g, '')
        .replace(/^[-_\s/]+|[-_\s/]+$/g, '');
    const prefix = [clean('path'), clean('filename') || 'ComfyUI'].filter((part) => part !== '').join('/');
    keepAll(at, at.take('images', 'IMAGE').items, prefix);
    return [];
  },
};

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
};
