/** IP-Adapters and the vision tower that looks for them, as networks. */
import { network, type NetworkInputs } from '../network';
import { buildImagePrompt } from './image-prompt';
import { readImagePromptConfig, readsParts, type ImagePromptConfig } from './image-prompt-config';
import { buildVision, imagePatches } from './vision';
import { readVisionConfig, visionTokens, type VisionConfig } from './vision-config';

/** image_embeds [1, width] or hidden_states [1, parts, width] → keys_0, values_0 and so on: see buildImagePrompt */
export const imagePrompt = network<ImagePromptConfig>({
  read: readImagePromptConfig,
  sizes: (config) => ({
    imagePrompt: {
      imageWidth: config.imageWidth,
      readsParts: readsParts(config),
      contextWidth: config.contextWidth,
      layers: config.layers,
    },
  }),
  layers: ({ layers, depth }) => layers.length + depth,
  build: buildImagePrompt,
});

/** pixel_values float32 [1, 3, side, side], normalised → image_embeds, or hidden_states: see buildVision */
export const vision = network<VisionConfig>({
  read: readVisionConfig,
  sizes: (config) => ({
    vision: {
      width: config.width,
      projectionWidth: config.projectionWidth,
      side: config.side,
      tokens: visionTokens(config),
    },
  }),
  layers: ({ layers }) => layers,
  build: (config, form, { penultimate }) => buildVision(config, form, { penultimate }),
  toGraph: ({ pixel_values: pixels }, config): NetworkInputs => ({
    patches: imagePatches(pixels.data as Float32Array, config),
  }),
});
