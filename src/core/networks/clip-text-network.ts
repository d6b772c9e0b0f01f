/** CLIP's text encoders as two networks: alone, and with a projected vector for the whole text. */
import { buildClipText, eosRows } from './clip-text';
import { readClipTextConfig, type ClipTextConfig } from './clip-text-config';
import { network, type NetworkKind } from './network';

const plain = {
  read: readClipTextConfig,
  sizes: ({ width, contextLength, vocabSize }) => ({ text: { width, contextLength, vocabulary: vocabSize } }),
  layers: ({ layers }) => layers,
  build: buildClipText,
} satisfies NetworkKind<ClipTextConfig>;

/** @see transformers CLIPTextModel */
export const clipText = network(plain);

/** The graph is told where each text ends: there its pooled vector is taken. @see transformers CLIPTextModelWithProjection */
export const clipTextProjection = network<ClipTextConfig>({
  ...plain,
  build: (config, form, options) => buildClipText(config, form, { ...options, pooled: true }),
  toGraph: (inputs, config) => {
    const { data, dims } = inputs['input_ids'];
    return { ...inputs, eos_rows: { data: eosRows(data as Int32Array, config), dims: [dims[0]] } };
  },
});
