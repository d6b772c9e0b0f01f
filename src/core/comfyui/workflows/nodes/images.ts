/** Pictures: loaded, saved, scaled, cut and mixed. @see ComfyUI nodes.py, comfy_extras/nodes_images.py, nodes_post_processing.py, nodes_canny.py, nodes_upscale_model.py */
import { CROPS, FLIPS, IMAGE_METHODS, ROTATIONS } from './choices';
import {
  choice,
  file,
  flag,
  float,
  IMAGE,
  int,
  LONGEST,
  MASK,
  maybe,
  outs,
  px,
  share,
  socket,
  text,
  type NodeTable,
} from './spec';

const OUT = outs('IMAGE');
const method = () => choice(IMAGE_METHODS);
const prefix = () => text('ComfyUI', { hasMarks: true });
const picture = () => ({ ...file('input'), hasUpload: true }) as const;
/** To the pixel. */
const at = (value = 0, least = 0) => px(value, least, 1);

export const IMAGES = {
  LoadImage: {
    title: 'Load Image',
    operation: 'load_image',
    category: 'image',
    inputs: { image: picture() },
    outputs: outs('IMAGE', 'MASK'),
  },
  LoadImageMask: {
    title: 'Load Image (as Mask)',
    operation: 'load_mask',
    category: 'mask',
    inputs: { image: picture(), channel: choice(['alpha', 'red', 'green', 'blue']) },
    outputs: outs('MASK'),
  },
  LoadImageOutput: {
    title: 'Load Image (from Outputs)',
    operation: 'load_image',
    category: 'image',
    inputs: { image: picture() },
    outputs: outs('IMAGE', 'MASK'),
  },
  SaveImage: {
    title: 'Save Image',
    operation: 'save_image',
    category: 'image',
    inputs: { images: IMAGE, filename_prefix: prefix() },
    outputs: outs('images:IMAGE'),
    isOutput: true,
  },
  PreviewImage: {
    title: 'Preview Image',
    operation: 'preview_image',
    category: 'image',
    inputs: { images: IMAGE },
    outputs: outs('images:IMAGE'),
    isOutput: true,
  },
  ImageCompare: {
    operation: 'compare_images',
    category: 'image',
    inputs: { image_a: maybe(IMAGE), image_b: maybe(IMAGE) },
    outputs: [],
    isOutput: true,
  },
  ImageScale: {
    title: 'Upscale Image',
    operation: 'scale_image',
    category: 'image/upscaling',
    inputs: { image: IMAGE, upscale_method: method(), width: at(512), height: at(512), crop: choice(CROPS) },
    outputs: OUT,
  },
  ImageScaleBy: {
    title: 'Upscale Image By',
    operation: 'scale_image_by',
    category: 'image/upscaling',
    inputs: { image: IMAGE, upscale_method: method(), scale_by: float(1, [0.01, 8]) },
    outputs: OUT,
  },
  ImageScaleToTotalPixels: {
    operation: 'scale_to_total',
    category: 'image/upscaling',
    inputs: {
      image: IMAGE,
      upscale_method: method(),
      megapixels: float(1, [0.01, 16]),
      resolution_steps: maybe(int(1, [1, 256])),
    },
    outputs: OUT,
  },
  ImageScaleToMaxDimension: {
    operation: 'scale_to_longest',
    category: 'image/upscaling',
    inputs: {
      image: IMAGE,
      upscale_method: choice(['area', 'lanczos', 'bilinear', 'nearest-exact', 'bicubic']),
      largest_size: at(512),
    },
    outputs: OUT,
  },
  ImageUpscaleWithModel: {
    title: 'Upscale Image (using Model)',
    operation: 'upscale_image',
    category: 'image/upscaling',
    inputs: { upscale_model: socket('UPSCALE_MODEL'), image: IMAGE },
    outputs: OUT,
  },
  ImagePadForOutpaint: {
    title: 'Pad Image for Outpainting',
    operation: 'pad_image',
    category: 'image',
    inputs: { image: IMAGE, left: px(0), top: px(0), right: px(0), bottom: px(0), feathering: at(40) },
    outputs: outs('IMAGE', 'MASK'),
  },
  ImageCrop: {
    title: 'Image Crop',
    operation: 'crop_image',
    category: 'image/transform',
    inputs: { image: IMAGE, width: at(512, 1), height: at(512, 1), x: at(), y: at() },
    outputs: OUT,
  },
  ImageFlip: {
    operation: 'flip_image',
    category: 'image/transform',
    inputs: { image: IMAGE, flip_method: choice(FLIPS) },
    outputs: OUT,
  },
  ImageRotate: {
    operation: 'rotate_image',
    category: 'image/transform',
    inputs: { image: IMAGE, rotation: choice(ROTATIONS) },
    outputs: OUT,
  },
  ImageInvert: {
    title: 'Invert Image',
    operation: 'invert_image',
    category: 'image',
    inputs: { image: IMAGE },
    outputs: OUT,
  },
  ImageBatch: {
    title: 'Batch Images',
    operation: 'join_images',
    category: 'image',
    inputs: { image1: IMAGE, image2: IMAGE },
    outputs: OUT,
  },
  BatchImagesNode: {
    title: 'Batch Images',
    operation: 'join_many_images',
    category: 'image',
    inputs: {},
    more: { pattern: 'images\\.image\\d+', type: 'IMAGE' },
    outputs: OUT,
  },
  RepeatImageBatch: {
    operation: 'repeat_image',
    category: 'image/batch',
    inputs: { image: IMAGE, amount: int(1, [1, 4096]) },
    outputs: OUT,
  },
  ImageFromBatch: {
    operation: 'take_images',
    category: 'image/batch',
    inputs: { image: IMAGE, batch_index: int(0, [0, 4095]), length: int(1, [1, 4096]) },
    outputs: OUT,
  },
  EmptyImage: {
    operation: 'empty_image',
    category: 'image',
    inputs: {
      width: at(512, 1),
      height: at(512, 1),
      batch_size: int(1, [1, 4096]),
      color: int(0, [0, 0xffffff]),
    },
    outputs: OUT,
  },
  ImageCompositeMasked: {
    operation: 'compose_image',
    category: 'image',
    inputs: {
      destination: IMAGE,
      source: IMAGE,
      x: at(),
      y: at(),
      resize_source: flag(false),
      mask: maybe(MASK),
    },
    outputs: OUT,
  },
  ImageBlend: {
    operation: 'blend_images',
    category: 'image/postprocessing',
    inputs: {
      image1: IMAGE,
      image2: IMAGE,
      blend_factor: share(0.5),
      blend_mode: choice(['normal', 'multiply', 'screen', 'overlay', 'soft_light', 'difference']),
    },
    outputs: OUT,
  },
  ImageBlur: {
    operation: 'blur_image',
    category: 'image/postprocessing',
    inputs: { image: IMAGE, blur_radius: int(1, [1, 31]), sigma: float(1, [0.1, 10, 0.1]) },
    outputs: OUT,
  },
  ImageSharpen: {
    operation: 'sharpen_image',
    category: 'image/postprocessing',
    inputs: {
      image: IMAGE,
      sharpen_radius: int(1, [1, 31]),
      sigma: float(1, [0.1, 10]),
      alpha: float(1, [0, 5]),
    },
    outputs: OUT,
  },
  ImageQuantize: {
    category: 'image/postprocessing',
    inputs: {
      image: IMAGE,
      colors: int(256, [1, 256]),
      dither: choice(['none', 'floyd-steinberg', 'bayer-2', 'bayer-4', 'bayer-8', 'bayer-16']),
    },
    outputs: OUT,
  },
  ImageStitch: {
    category: 'image/transform',
    inputs: {
      image1: IMAGE,
      direction: choice(['right', 'down', 'left', 'up']),
      match_image_size: flag(true),
      spacing_width: int(0, [0, 1024, 2]),
      spacing_color: choice(['white', 'black', 'red', 'green', 'blue']),
      image2: maybe(IMAGE),
    },
    outputs: OUT,
  },
  JoinImageWithAlpha: { category: 'mask/compositing', inputs: { image: IMAGE, alpha: MASK }, outputs: OUT },
  SplitImageWithAlpha: { category: 'mask/compositing', inputs: { image: IMAGE }, outputs: outs('IMAGE', 'MASK') },
  GetImageSize: {
    operation: 'image_size',
    category: 'image',
    inputs: { image: IMAGE },
    outputs: outs('width:INT', 'height:INT', 'batch_size:INT'),
  },
  Canny: {
    category: 'image/preprocessors',
    inputs: {
      image: IMAGE,
      low_threshold: float(0.4, [0.01, 0.99]),
      high_threshold: float(0.8, [0.01, 0.99]),
    },
    outputs: OUT,
  },
} as const satisfies NodeTable;

const PX = (value: number, least = 0) => int(value, [least, LONGEST]);

/** @see ComfyUI comfy_extras/nodes_mask.py */
export const MASKS = {
  MaskToImage: {
    title: 'Convert Mask to Image',
    operation: 'mask_to_image',
    category: 'mask',
    inputs: { mask: MASK },
    outputs: OUT,
  },
  ImageToMask: {
    title: 'Convert Image to Mask',
    operation: 'image_to_mask',
    category: 'mask',
    inputs: { image: IMAGE, channel: choice(['red', 'green', 'blue', 'alpha']) },
    outputs: outs('MASK'),
  },
  ImageColorToMask: {
    operation: 'colour_to_mask',
    category: 'mask',
    inputs: { image: IMAGE, color: int(0, [0, 0xffffff]) },
    outputs: outs('MASK'),
  },
  InvertMask: { operation: 'invert_mask', category: 'mask', inputs: { mask: MASK }, outputs: outs('MASK') },
  SolidMask: {
    operation: 'solid_mask',
    category: 'mask',
    inputs: { value: share(1), width: PX(512, 1), height: PX(512, 1) },
    outputs: outs('MASK'),
  },
  CropMask: {
    operation: 'crop_mask',
    category: 'mask',
    inputs: { mask: MASK, x: PX(0), y: PX(0), width: PX(512, 1), height: PX(512, 1) },
    outputs: outs('MASK'),
  },
  MaskComposite: {
    operation: 'compose_masks',
    category: 'mask',
    inputs: {
      destination: MASK,
      source: MASK,
      x: PX(0),
      y: PX(0),
      operation: choice(['multiply', 'add', 'subtract', 'and', 'or', 'xor']),
    },
    outputs: outs('MASK'),
  },
  FeatherMask: {
    operation: 'feather_mask',
    category: 'mask',
    inputs: { mask: MASK, left: PX(0), top: PX(0), right: PX(0), bottom: PX(0) },
    outputs: outs('MASK'),
  },
  GrowMask: {
    operation: 'grow_mask',
    category: 'mask',
    inputs: { mask: MASK, expand: int(0, [-LONGEST, LONGEST]), tapered_corners: flag(true) },
    outputs: outs('MASK'),
  },
  ThresholdMask: {
    operation: 'threshold_mask',
    category: 'mask',
    inputs: { mask: MASK, value: share(0.5) },
    outputs: outs('MASK'),
  },
  MaskPreview: {
    title: 'Preview Mask',
    operation: 'preview_mask',
    category: 'mask',
    inputs: { mask: MASK },
    outputs: outs('mask:MASK'),
    isOutput: true,
  },
} as const satisfies NodeTable;
