/** What a component is called with when it is measured: random numbers in the shapes that a picture gives it. */
import type { BenchComponent, CallShape } from '../../core/bench';
import { roleOf } from '../../core/networks/components';
import { createPhiloxNoise } from '../../core/noise/philox';
import type { NamedTensor } from '../ports';
import { toldNumbers } from '../operations/sampling/told-numbers';
import type { ModelTraits } from '../models/traits';

const TOKENS = 77;
/** Timestep in the middle of the U-Net's thousand. */
const TIMESTEP = 500;

/** Inputs in diffusers' words: see model-source. */
export function callInputs(
  component: BenchComponent,
  traits: ModelTraits,
  { width, height, batch }: CallShape,
): Record<string, NamedTensor> {
  const noise = createPhiloxNoise(3);
  const normal = (...dims: number[]): NamedTensor => ({
    data: noise.next(dims.reduce((product, n) => product * n, 1)),
    dims,
  });
  const cells = [height / traits.latentFactor, width / traits.latentFactor];
  switch (roleOf(component)) {
    case 'text':
      return { input_ids: { data: words(traits, component, batch), dims: [batch, TOKENS] } };
    case 'decoder':
    case 'preview':
      return { latent_sample: normal(batch, traits.latentChannels, ...cells) };
    case 'denoiser': {
      const context = traits.texts.reduce((sum, text) => sum + text.width, 0);
      const pooled = traits.texts[traits.texts.length - 1].width;
      const told = toldNumbers(traits.tells ?? [], { height, width }, { context: {}, isPositive: true });
      return {
        sample: normal(batch, traits.inChannels, ...cells),
        timestep: { data: Float32Array.of(TIMESTEP), dims: [1] },
        encoder_hidden_states: normal(batch, TOKENS, context),
        ...(traits.tells && {
          text_embeds: normal(batch, pooled),
          time_ids: {
            data: Float32Array.from(Array.from({ length: batch }, () => told).flat()),
            dims: [batch, told.length],
          },
        }),
      };
    }
    case 'encoder':
    case 'preview_encoder':
      return { sample: normal(batch, 3, height, width) };
    case 'upscaler':
      return { image: normal(batch, 3, height, width) };
    case 'control':
    case 'hint':
    case 'adapter':
    case 'image_prompt':
    case 'vision':
    case 'annotator':
      throw new RangeError(`${component}: it is measured beside a denoiser`);
  }
}

/** Start, the first tokens of the vocabulary, end: any words do. */
function words(traits: ModelTraits, component: string, batch: number): Int32Array {
  const { startId, endId } = (traits.texts.find((text) => text.component === component) ?? traits.texts[0]).tokenizer;
  return Int32Array.from({ length: batch * TOKENS }, (_, i) => {
    const at = i % TOKENS;
    return at === 0 ? startId : at === TOKENS - 1 ? endId : 1 + at;
  });
}
