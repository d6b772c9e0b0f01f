/** Pictures beside others, in frames, with noise and with what shows through. @see ComfyUI comfy_extras/nodes_images.py, nodes_compositing.py */
import { STITCH_COLOURS, STITCH_SIDES } from '../../../image/compose/stitch-choices';
import { choice, flag, IMAGE, int, maybe, MASK, outs, px, seed, share, type NodeTable } from './spec';

export const IMAGE_JOINS = {
  ImageStitch: {
    title: 'Image Stitch',
    operation: 'stitch_images',
    category: 'image/transform',
    inputs: {
      image1: IMAGE,
      direction: choice(STITCH_SIDES),
      match_image_size: flag(true),
      spacing_width: int(0, [0, 1024, 2]),
      spacing_color: choice(STITCH_COLOURS),
      image2: maybe(IMAGE),
    },
    outputs: outs('IMAGE'),
  },
  ResizeAndPadImage: {
    operation: 'frame_image',
    category: 'image/transform',
    inputs: {
      image: IMAGE,
      target_width: px(512, 1, 1),
      target_height: px(512, 1, 1),
      padding_color: choice(['white', 'black']),
      interpolation: choice(['area', 'bicubic', 'nearest-exact', 'bilinear', 'lanczos']),
    },
    outputs: outs('IMAGE'),
  },
  ImageAddNoise: {
    operation: 'grain_image',
    category: 'image',
    inputs: { image: IMAGE, seed: seed(), strength: share(0.5) },
    outputs: outs('IMAGE'),
  },
  JoinImageWithAlpha: {
    title: 'Join Image with Alpha',
    operation: 'join_alpha',
    category: 'mask/compositing',
    inputs: { image: IMAGE, alpha: MASK },
    outputs: outs('IMAGE'),
  },
  SplitImageWithAlpha: {
    title: 'Split Image with Alpha',
    operation: 'split_alpha',
    category: 'mask/compositing',
    inputs: { image: IMAGE },
    outputs: outs('IMAGE', 'MASK'),
  },
} as const satisfies NodeTable;
