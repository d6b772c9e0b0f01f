/** What graphs make of pictures with others, with masks and with noise; and noise on latents. */
import { withAlpha } from '../../core/image/compose/alpha';
import { grained } from '../../core/image/compose/grain';
import { framedPicture, stitchPictures } from '../../core/image/compose/stitch';
import { fromPixels, toRgba, type Raster } from '../../core/image/raster';
import { createImageNoise } from '../../core/noise';
import { oneByOne, type Implementation, type ImageValue } from './implementation';

const done = (picture: Raster) => Promise.resolve({ outputs: { image: { pixels: toRgba(picture) } } });
const pictureOf = ({ pixels }: ImageValue): Raster<4> => fromPixels(pixels);

export const stitchImages: Implementation<'stitch_images'> = {
  run: oneByOne(({ settings, inputs: { first, second } }) =>
    done(stitchPictures(pictureOf(first), pictureOf(second), settings)),
  ),
};

export const frameImage: Implementation<'frame_image'> = {
  run: oneByOne(({ settings, inputs: { image } }) => done(framedPicture(pictureOf(image), settings, settings))),
};

export const grainImage: Implementation<'grain_image'> = {
  run: oneByOne(({ settings: { seed, strength, batchIndex: index, batchSize: size }, inputs: { image } }) =>
    done(grained(pictureOf(image), { seed: BigInt(seed), strength, place: { index, size } })),
  ),
};

export const addAlpha: Implementation<'add_alpha'> = {
  run: oneByOne(({ inputs: { image, mask } }) => done(withAlpha(pictureOf(image), mask))),
};

/** @see ComfyUI comfy_extras/nodes_custom_sampler.py AddNoise */
export const noiseLatent: Implementation<'noise_latent'> = {
  run: oneByOne(async ({ settings, inputs: { model, latent, sigmas } }, { models }) => {
    if (sigmas.length === 0) return { outputs: { latent } };
    const { latentChannels } = (await models.get(model)).traits;
    const { seed, batchIndex: index, batchSize: size, noiseIndex } = settings;
    const noise = createImageNoise({
      ...{ kind: 'comfyui', seed: BigInt(seed), shape: [latentChannels, latent.height, latent.width] },
      batch: { index, size },
      ...(noiseIndex > 0 && { ordinal: noiseIndex - 1 }),
    }).initial();
    const scale = sigmas.length > 1 ? Math.abs(sigmas[0] - sigmas[sigmas.length - 1]) : sigmas[0];
    const { data } = latent;
    return { outputs: { latent: { ...latent, data: noise.map((value, i) => value * scale + (data?.[i] ?? 0)) } } };
  }),
};
