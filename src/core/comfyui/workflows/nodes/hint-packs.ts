/** Packs' preprocessors of ControlNets, and nodes that save: see packs.ts. */
import { ofPack } from './pack-words';
import {
  ANY,
  choice,
  flag,
  float,
  IMAGE,
  int,
  maybe,
  open,
  other,
  outs,
  share,
  text,
  type InputSpec,
  type NodeSpec,
} from './spec';

/** Another value stood in its place in the pack's first files. */
const resolution = () => maybe({ ...int(512, [64, 16_384]), aliases: { enable: 512, disable: 512 } });
const SAFE = () => maybe(choice(['enable', 'disable']));

const drawing = (inputs: Record<string, InputSpec>, outputs: readonly string[] = ['IMAGE']): NodeSpec => ({
  operation: 'draw_hint',
  category: 'ControlNet Preprocessors/Line Extractors',
  inputs: { image: IMAGE, ...inputs, resolution: resolution() },
  outputs: outs(...outputs),
});

const DETECT = () => maybe(choice(['enable', 'disable']));
const POSE = { detect_hand: DETECT(), detect_body: DETECT(), detect_face: DETECT() };
const part = () => maybe(share(0));
const NORMAL = { a: maybe(float(2 * Math.PI, [0, 5 * Math.PI])), bg_threshold: maybe(share(0.1)) };

/** What AIO_Preprocessor has by name that is drawn here. */
export const AT_ONCE = [
  ...['CannyEdgePreprocessor', 'HEDPreprocessor', 'FakeScribblePreprocessor', 'PiDiNetPreprocessor'],
  ...['Scribble_PiDiNet_Preprocessor', 'TEEDPreprocessor', 'M-LSDPreprocessor', 'LineArtPreprocessor'],
  ...['Scribble_XDoG_Preprocessor', 'ScribblePreprocessor', 'AnimeLineArtPreprocessor', 'LineartStandardPreprocessor'],
  ...['DepthAnythingV2Preprocessor', 'DepthAnythingPreprocessor', 'Zoe-DepthMapPreprocessor'],
  ...['MiDaS-DepthMapPreprocessor', 'LeReS-DepthMapPreprocessor', 'MiDaS-NormalMapPreprocessor'],
  ...['BAE-NormalMapPreprocessor', 'OpenposePreprocessor', 'DWPreprocessor'],
] as const;

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
  ScribblePreprocessor: drawing({}),
  AnimeLineArtPreprocessor: drawing({}),
  LineartStandardPreprocessor: drawing({
    guassian_sigma: maybe(float(6, [0, 100])),
    intensity_threshold: maybe(int(8, [0, 16])),
  }),
  DepthAnythingV2Preprocessor: drawing({ ckpt_name: maybe(text('depth_anything_v2_vitl.pth')) }),
  DepthAnythingPreprocessor: drawing({ ckpt_name: maybe(text('depth_anything_vitl14.pth')) }),
  'Zoe-DepthMapPreprocessor': drawing({}),
  'MiDaS-DepthMapPreprocessor': drawing(NORMAL),
  'LeReS-DepthMapPreprocessor': drawing({
    rm_nearest: part(),
    rm_background: part(),
    boost: maybe(choice(['disable', 'enable'])),
  }),
  'MiDaS-NormalMapPreprocessor': drawing(NORMAL),
  'BAE-NormalMapPreprocessor': drawing({}),
  OpenposePreprocessor: drawing(POSE, ['IMAGE', 'POSE_KEYPOINT']),
  DWPreprocessor: {
    ...drawing(POSE, ['IMAGE', 'POSE_KEYPOINT']),
    inputs: {
      ...{ image: IMAGE, ...POSE, resolution: resolution() },
      bbox_detector: maybe(text('yolox_l.onnx')),
      pose_estimator: maybe(text('dw-ll_ucoco_384_bs5.torchscript.pt')),
      scale_stick_for_xinsr_cn: maybe(choice(['disable', 'enable'])),
    },
  },
  AIO_Preprocessor: {
    title: 'AIO Aux Preprocessor',
    ...drawing({ preprocessor: maybe(open(choice(['none', ...AT_ONCE]))) }),
    category: 'ControlNet Preprocessors',
  },
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

/** What stands behind the extension differs between its versions, and says how files of other kinds are written. */
const REST = [
  ...['dpi', 'quality', 'optimize_image', 'lossless_webp', 'overwrite_mode', 'show_history'],
  ...['show_history_by_prefix', 'embed_workflow', 'show_previews'],
];

/** @see github.com/WASasquatch/was-node-suite-comfyui WAS_Image_Save */
const WAS = ofPack('was-node-suite-comfyui', {
  'Image Save': {
    operation: 'save_image_in_folder',
    category: 'WAS Suite/IO',
    inputs: {
      images: IMAGE,
      output_path: text('[time(%Y-%m-%d)]'),
      filename_prefix: text('ComfyUI'),
      filename_delimiter: text('_'),
      filename_number_padding: int(4, [1, 9]),
      filename_number_start: choice(['false', 'true']),
      extension: choice(['png', 'jpg', 'jpeg', 'gif', 'tiff', 'webp', 'bmp']),
      ...Object.fromEntries(REST.map((name) => [name, maybe(other())])),
    },
    outputs: outs('images:IMAGE', 'files:STRING'),
    isOutput: true,
  },
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

export const HINT_PACKS = { ...AUX, ...SAVERS, ...WAS, ...COMFYROLL };
