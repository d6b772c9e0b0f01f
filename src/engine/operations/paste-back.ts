/**
 * What was painted goes back into its picture. What is not masked stays to the byte, but for whole pictures as ComfyUI and
 * diffusers make them: those are as they were decoded.
 */
import { matchColours } from '../../core/image/colour';
import { cropToFit, resizeToFit } from '../../core/image/geometry';
import { doubleMask } from '../../core/image/masks';
import { pasteBack } from '../../core/image/paste';
import { fromPixels, type Box, type Mask, type Raster } from '../../core/image/raster';
import type { SettingsOf } from '../../core/workflow';
import { oneByOne, type Implementation } from './implementation';
import { maskedBox } from './masked-box';
import { pixelMode } from './pixel-mode';
import { softMask } from './soft-mask';

interface Parts {
  painted: Raster<4>;
  /** The picture that is pasted into, as large as its mask. */
  original: Raster<4>;
  mask: Mask;
  box: Box | undefined;
}

export const pasteBackOperation: Implementation<'paste_back'> = {
  run: oneByOne(({ settings, inputs: { image, original, mask, kept, latent } }) => {
    const painted = fromPixels(image.pixels);
    const box = maskedBox(mask, settings);
    const mode = pixelMode(settings.resizeMode);
    // A second pass has made it larger than the first was.
    const fitted = <C extends 1 | 4>(one: Raster<C>): Raster<C> => (box ? one : resizeToFit(one, painted, { mode }));
    const sized = fitted(mask);
    // What changed is seen in the first pass: a second one starts from that.
    const changed =
      settings.maskMode === 'soft' && kept?.data && latent?.data
        ? softMask({ ...latent, kept: kept.data, latent: latent.data, mask, box, into: painted, settings })
        : sized;
    const parts: Parts = { painted, original: fitted(fromPixels(original.pixels)), mask: changed, box };
    return Promise.resolve({ outputs: { image: { ...image, pixels: PASTES[settings.maskMode](parts) } } });
  }),
};

const PASTES: Readonly<Record<SettingsOf<'paste_back'>['maskMode'], (parts: Parts) => Raster<4>>> = {
  differential: pasteMatched,
  a1111: pasteAsWebui,
  soft: pasteBack,
  comfyui: pasteCrop,
  diffusers: pasteCrop,
};

/** In a whole picture, what is half masked is all new. @see A1111 modules/processing.py, mask_for_overlay */
function pasteAsWebui({ mask, box, ...parts }: Parts): Raster<4> {
  return pasteBack({ ...parts, box, mask: box ? mask : doubleMask(mask) });
}

/** Encoding and decoding change a picture's contrast by less; more comes of what is nearly even outside the mask. */
const MOST_SPREAD = 1.25;

/** Colours are matched where nothing is masked: there what came out should be what went in. */
function pasteMatched({ painted, original, mask, box }: Parts): Raster<4> {
  const seen = <C extends 1 | 4>(one: Raster<C>): Raster<C> => (box ? cropToFit(one, box, painted) : one);
  const matched = matchColours({ painted, reference: seen(original), mask: seen(mask), mostSpread: MOST_SPREAD });
  return pasteBack({ original, painted: matched, box, mask: doubleMask(mask) });
}

/** These programs leave a whole picture as it was decoded. */
function pasteCrop(parts: Parts): Raster<4> {
  return parts.box ? pasteBack(parts) : parts.painted;
}
