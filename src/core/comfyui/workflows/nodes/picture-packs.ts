/** Packs' nodes that change masks and lay pictures beside others: see packs.ts. */
import { ofPack } from './pack-words';
import { choice, flag, float, IMAGE, int, LONGEST, MASK, maybe, outs, share } from './spec';

/** @see github.com/kijai/ComfyUI-KJNodes nodes/image_nodes.py, nodes/mask_nodes.py */
const KJ = ofPack('comfyui-kjnodes', {
  ImageConcanate: {
    operation: 'concatenate_images',
    category: 'KJNodes/image',
    inputs: {
      image1: IMAGE,
      image2: IMAGE,
      direction: choice(['right', 'down', 'left', 'up']),
      match_image_size: flag(true),
    },
    outputs: outs('IMAGE'),
  },
  GrowMaskWithBlur: {
    operation: 'grow_blurred_mask',
    category: 'KJNodes/masking',
    inputs: {
      mask: MASK,
      expand: int(0, [-LONGEST, LONGEST]),
      incremental_expandrate: float(0, [0, 100, 0.1]),
      tapered_corners: flag(true),
      flip_input: flag(false),
      blur_radius: float(0, [0, 100, 0.1]),
      lerp_alpha: share(1),
      decay_factor: share(1),
      fill_holes: maybe(flag(false)),
    },
    outputs: outs('mask:MASK', 'mask_inverted:MASK'),
  },
});

/** @see github.com/ltdrdata/ComfyUI-Impact-Pack modules/impact/impact_pack.py GaussianBlurMask, utils.py tensor_gaussian_blur_mask */
const IMPACT = ofPack('comfyui-impact-pack', {
  ImpactGaussianBlurMask: {
    operation: 'blur_mask',
    category: 'ImpactPack/Util',
    inputs: { mask: MASK, kernel_size: int(10, [0, 100]), sigma: float(10, [0.1, 100, 0.1]) },
    outputs: outs('MASK'),
  },
});

/** @see github.com/cubiq/ComfyUI_essentials mask.py MaskPreview */
const ESSENTIALS = ofPack('comfyui_essentials', {
  'MaskPreview+': {
    operation: 'preview_mask',
    category: 'essentials/mask',
    inputs: { mask: MASK },
    outputs: [],
    isOutput: true,
  },
});

export const PICTURE_PACKS = { ...KJ, ...IMPACT, ...ESSENTIALS };
