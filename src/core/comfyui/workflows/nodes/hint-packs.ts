/** Packs' preprocessors of ControlNets, and nodes that save: see packs.ts. */
import { ofPack } from './pack-words';
import { ANY, choice, flag, float, IMAGE, int, maybe, outs, text, type InputSpec, type NodeSpec } from './spec';

const resolution = () => maybe(int(512, [64, 16_384]));
const SAFE = () => maybe(choice(['enable', 'disable']));

const drawing = (inputs: Record<string, InputSpec>): NodeSpec => ({
  operation: 'draw_hint',
  category: 'ControlNet Preprocessors/Line Extractors',
  inputs: { image: IMAGE, ...inputs, resolution: resolution() },
  outputs: outs('IMAGE'),
});

/** @see github.com/Fannovel16/comfyui_controlnet_aux node_wrappers */
const AUX = ofPack('comfyui_controlnet_aux', {
  CannyEdgePreprocessor: drawing({
    low_threshold: maybe(int(100, [0, 255])),
    high_threshold: maybe(int(200, [0, 255])),
  }),
  HEDPreprocessor: drawing({ safe: SAFE() }),
  FakeScribblePreprocessor: drawing({ safe: SAFE() }),
  PiDiNetPreprocessor: drawing({ safe: SAFE() }),
  Scribble_PiDiNet_Preprocessor: drawing({ safe: SAFE() }),
  TEEDPreprocessor: drawing({ safe_steps: maybe(int(2, [0, 10])) }),
  'M-LSDPreprocessor': drawing({
    score_threshold: maybe(float(0.1, [0.01, 2])),
    dist_threshold: maybe(float(0.1, [0.01, 20])),
  }),
  LineArtPreprocessor: drawing({ coarse: maybe(choice(['disable', 'enable'])) }),
  Scribble_XDoG_Preprocessor: drawing({ threshold: maybe(int(32, [1, 64])) }),
});

const SAVED: Record<string, InputSpec> = {
  images: IMAGE,
  filename: text('%time_%seed'),
  path: text(''),
  extension: choice(['png', 'jpeg', 'jpg', 'gif', 'tiff', 'webp']),
};
const about = (...names: readonly string[]): Record<string, InputSpec> =>
  Object.fromEntries(names.map((name) => [name, maybe(ANY)]));

const saver = (told: Record<string, InputSpec>): NodeSpec => ({
  operation: 'save_image_told',
  category: 'ImageSaver',
  inputs: { ...SAVED, ...told },
  outputs: [],
  isOutput: true,
});

const steps = () => maybe(int(20, [1, 10_000]));
const cfg = () => maybe(float(7, [0, 100]));

/** What it is told of the recipe is written into files there; here a picture carries what it was made of. @see github.com/giriss/comfy-image-saver */
const SAVERS = ofPack('comfy-image-saver', {
  'Image Saver': saver({ steps: steps(), cfg: cfg(), ...about('modelname', 'sampler_name', 'scheduler') }),
  'Save Image w/Metadata': saver({ steps: steps(), cfg: cfg(), ...about('modelname', 'sampler_name', 'scheduler') }),
});

/** @see github.com/Suzie1/ComfyUI_Comfyroll_CustomNodes */
const COMFYROLL = ofPack('ComfyUI_Comfyroll_CustomNodes', {
  'CR Image Output': {
    operation: 'preview_image',
    category: 'Comfyroll/Essential/Core',
    inputs: {
      images: IMAGE,
      output_type: choice(['Preview', 'Save']),
      filename_prefix: text('CR'),
      prefix_presets: maybe(text('')),
      file_format: maybe(choice(['png', 'jpg', 'webp', 'tif'])),
      trigger: maybe(flag(false)),
    },
    outputs: outs('trigger:BOOLEAN', 'show_help:STRING'),
    isOutput: true,
  },
});

export const HINT_PACKS = { ...AUX, ...SAVERS, ...COMFYROLL };
