/** Packs' nodes that resize pictures: see packs.ts. */
import { ofPack } from './pack-words';
import { choice, file, flag, float, IMAGE, int, LONGEST, MASK, maybe, outs, px, text } from './spec';
import { IMAGE_METHODS } from './choices';

const SIZED = outs('IMAGE', 'width:INT', 'height:INT');
const side = (value: number) => px(value, 0, 1);
const multiple = (value: number) => int(value, [0, 512]);

/** @see github.com/WASasquatch/was-node-suite-comfyui WAS_Image_Rescale */
const WAS = ofPack('was-node-suite-comfyui', {
  'Image Resize': {
    operation: 'resize_pillow',
    category: 'WAS Suite/Image/Transform',
    inputs: {
      image: IMAGE,
      mode: choice(['rescale', 'resize']),
      supersample: choice(['true', 'false']),
      resampling: choice(['lanczos', 'nearest', 'bilinear', 'bicubic']),
      rescale_factor: float(2, [0.01, 16]),
      resize_width: int(1024, [1, 48_000]),
      resize_height: int(1536, [1, 48_000]),
    },
    outputs: outs('IMAGE'),
  },
});

/** @see github.com/Suzie1/ComfyUI_Comfyroll_CustomNodes nodes/nodes_upscale.py */
const COMFYROLL = ofPack('ComfyUI_Comfyroll_CustomNodes', {
  'CR Upscale Image': {
    operation: 'upscale_to_size',
    category: 'Comfyroll/Upscale',
    inputs: {
      image: IMAGE,
      upscale_model: file('upscale_models'),
      mode: choice(['rescale', 'resize']),
      rescale_factor: float(2, [0.01, 16]),
      resize_width: int(1024, [1, 48_000]),
      resampling_method: choice(['lanczos', 'nearest', 'bilinear', 'bicubic']),
      supersample: choice(['true', 'false']),
      rounding_modulus: int(8, [8, 1024, 8]),
    },
    outputs: outs('IMAGE', 'show_help:STRING'),
  },
});

/** @see github.com/cubiq/ComfyUI_essentials image.py ImageResize */
const ESSENTIALS = ofPack('comfyui_essentials', {
  'ImageResize+': {
    operation: 'resize_in_many_ways',
    category: 'essentials/image manipulation',
    inputs: {
      image: IMAGE,
      width: side(512),
      height: side(512),
      interpolation: choice(['nearest', 'bilinear', 'bicubic', 'area', 'nearest-exact', 'lanczos']),
      // keep_proportion, before it had more than two
      method: {
        ...choice(['stretch', 'keep proportion', 'fill / crop', 'pad']),
        aliases: { false: 'stretch', true: 'keep proportion' },
      },
      condition: choice(['always', 'downscale if bigger', 'upscale if smaller', 'if bigger area', 'if smaller area']),
      multiple_of: multiple(0),
    },
    outputs: SIZED,
  },
});

/** @see github.com/kijai/ComfyUI-KJNodes image_nodes.py ImageResizeKJ, ImageResizeKJv2 */
const KJ = ofPack('comfyui-kjnodes', {
  ImageResizeKJ: {
    operation: 'resize_to_divisible',
    category: 'KJNodes/image',
    isOld: true,
    inputs: {
      image: IMAGE,
      width: side(512),
      height: side(512),
      upscale_method: choice(IMAGE_METHODS),
      keep_proportion: flag(false),
      divisible_by: multiple(2),
      get_image_size: maybe(IMAGE),
      crop: maybe(choice(['disabled', 'center', '0'])),
    },
    outputs: SIZED,
  },
  ImageResizeKJv2: {
    operation: 'resize_and_place',
    category: 'KJNodes/image',
    inputs: {
      image: IMAGE,
      width: side(512),
      height: side(512),
      upscale_method: choice(IMAGE_METHODS),
      keep_proportion: choice(['stretch', 'resize', 'pad', 'pad_edge', 'pad_edge_pixel', 'crop', 'pillarbox_blur']),
      pad_color: text('0, 0, 0'),
      crop_position: choice(['center', 'top', 'bottom', 'left', 'right']),
      divisible_by: multiple(2),
      mask: maybe(MASK),
      device: maybe(choice(['cpu', 'gpu'])),
    },
    outputs: outs('IMAGE', 'width:INT', 'height:INT', 'mask:MASK'),
  },
  GetImageSizeAndCount: {
    operation: 'image_size_and_itself',
    category: 'KJNodes/masking',
    inputs: { image: IMAGE },
    outputs: outs('image:IMAGE', 'width:INT', 'height:INT', 'count:INT'),
  },
});

/** @see github.com/jamesWalker55/comfyui-various */
const VARIOUS = ofPack('comfyui-various', {
  JWImageResize: {
    category: 'jamesWalker55',
    inputs: {
      image: IMAGE,
      height: int(512, [0, LONGEST]),
      width: int(512, [0, LONGEST]),
      interpolation_mode: choice(['bicubic', 'bilinear', 'nearest', 'nearest exact']),
    },
    outputs: outs('IMAGE'),
  },
});

const smaller = (category: string) => ({
  operation: 'scale_down',
  category,
  inputs: { images: IMAGE, size: int(512, [1, LONGEST]), mode: flag(true) },
  outputs: outs('IMAGE'),
});

/** `mode`: the longer side. @see github.com/yolain/ComfyUI-Easy-Use py/nodes/image.py, of github.com/sipherxyz/comfyui-art-venture */
const SMALLER = {
  ...ofPack('comfyui-easy-use', { 'easy imageScaleDownToSize': smaller('EasyUse/Image') }),
  ...ofPack('comfyui-art-venture', { ImageScaleDownToSize: smaller('Art Venture/Utils') }),
};

export const RESIZE_PACKS = { ...SMALLER, ...COMFYROLL, ...WAS, ...ESSENTIALS, ...KJ, ...VARIOUS };
