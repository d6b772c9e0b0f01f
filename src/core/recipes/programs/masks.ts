/** How A1111's API writes what its texts say of pictures that begin with a picture: by numbers. */
import { isNothing, isTrue, toNumber } from './draft';
import { readElsewhere, type Reader } from './program';

const nth =
  (key: string, words: readonly string[]): Reader =>
  (value, draft, keys) => {
    const number = toNumber(value);
    if (number !== undefined && hasPicture(keys)) draft.put(key, words[number]);
  };

const hasPicture = (keys: ReadonlyMap<string, unknown>): boolean =>
  ['init images', 'init image'].some((key) => !isNothing(keys.get(key)));
const hasMask = (keys: ReadonlyMap<string, unknown>): boolean => hasPicture(keys) && !isNothing(keys.get('mask'));

/** @see A1111 modules/processing.py, StableDiffusionProcessingImg2Img; labels of modules/ui.py */
export const MASKS: Readonly<Record<string, Reader>> = {
  'resize mode': nth('Resize mode', [
    'Just resize',
    'Crop and resize',
    'Resize and fill',
    'Just resize (latent upscale)',
  ]),
  mask: (_, draft, keys) => {
    if (hasMask(keys)) draft.put('Mask blur', keys.get('mask blur') ?? 4);
  },
  'mask blur': readElsewhere,
  'inpainting fill': (value, draft, keys) => {
    const content = ['fill', 'original', 'latent noise', 'latent nothing'][toNumber(value) ?? -1];
    if (hasMask(keys)) draft.put('Masked content', content);
  },
  'inpaint full res': (value, draft, keys) => {
    if (hasMask(keys) && (isTrue(value) || value === 1)) draft.put('Inpaint area', 'Only masked');
  },
  'inpaint full res padding': (value, draft, keys) => {
    const isOnly = isTrue(keys.get('inpaint full res')) || keys.get('inpaint full res') === 1;
    if (hasMask(keys) && isOnly) draft.put('Masked area padding', value);
  },
  'inpainting mask invert': (value, draft, keys) => {
    if (hasMask(keys) && value === 1) draft.put('Mask mode', 'Inpaint not masked');
  },
};
