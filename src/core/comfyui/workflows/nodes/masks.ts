/** Masks: made, joined, changed. @see ComfyUI comfy_extras/nodes_mask.py */
import { choice, flag, IMAGE, int, LONGEST, MASK, outs, share, type NodeTable } from './spec';

const PX = (value: number, least = 0) => int(value, [least, LONGEST]);

export const MASKS = {
  MaskToImage: {
    title: 'Convert Mask to Image',
    operation: 'mask_to_image',
    category: 'mask',
    inputs: { mask: MASK },
    outputs: outs('IMAGE'),
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
