/** What is shown of a picture while it is denoised: TAESD's decoding where the model has one, else a colour a cell. */
import { planesToPixels, type Pixels } from '../../../core/image';
import { latentPreview } from '../../../core/latents';
import type { LatentSize } from '../../../core/networks';
import type { Model } from '../../models/model';

/** @returns undefined where there is nothing new to show */
export type Preview = (denoised: Float32Array) => Promise<Pixels | undefined>;

/** A whole picture is decoded and sent to the page at most this often: a few steps a second need no more. */
const PAUSE_MS = 400;

/** @param now  milliseconds */
export async function createPreview(model: Model, size: LatentSize, now: () => number): Promise<Preview> {
  const { latentRgb } = model.traits;
  const rough: Preview = (denoised) =>
    Promise.resolve(latentRgb && latentPreview(denoised, size.width, size.height, latentRgb));
  return model.previewsWhole ? wholePreview(model, size, { now, rough }) : rough;
}

async function wholePreview(
  { components, traits }: Model,
  { height, width }: LatentSize,
  { now, rough }: { now: () => number; rough: Preview },
): Promise<Preview> {
  const decoder = await components.get(traits.parts.preview);
  let shownAt = -Infinity;
  return async (denoised) => {
    if (now() - shownAt < PAUSE_MS) return undefined;
    const dims = [1, traits.latentChannels, height, width];
    const { sample } = await decoder.run({ latent_sample: { data: denoised, dims } });
    shownAt = now();
    const isSound = sample.every(Number.isFinite); // TAESD in half precision has its limits too
    return isSound
      ? planesToPixels(sample, width * traits.latentFactor, height * traits.latentFactor)
      : rough(denoised);
  };
}
