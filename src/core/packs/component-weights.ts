/** Which weights a component's graphs read: those of both targets, whatever the size of the picture. */
import type { BuiltGraph, GraphForm, Target, Weight } from '../graph';
import { weightKey } from '../graph';
import {
  buildAutoencoderDecoder,
  buildAutoencoderEncoder,
  buildClipText,
  buildTinyDecoder,
  buildTinyEncoder,
  buildUnet,
  latentFactor,
  readAutoencoderConfig,
  readClipTextConfig,
  readTinyAutoencoderConfig,
  readUnetConfig,
} from '../models';
import type { ComponentId } from './pack';

/** The smallest size that every level of a model can halve: weights do not depend on it. */
const CELLS = { height: 64, width: 64 };

type Build = (file: string, config: unknown, form: GraphForm) => BuiltGraph;

/** With all that any way of loading it reads. */
const BUILDERS: Record<ComponentId, Build> = {
  text_encoder: (file, config, form) => buildClipText(readClipTextConfig(file, config), form),
  text_encoder_2: (file, config, form) => buildClipText(readClipTextConfig(file, config), form, { pooled: true }),
  unet: (file, config, form) => buildUnet(readUnetConfig(file, config), CELLS, form),
  vae_decoder: (file, config, form) => buildAutoencoderDecoder(readAutoencoderConfig(file, config), CELLS, form),
  vae_encoder: (file, json, form) => {
    const config = readAutoencoderConfig(file, json);
    const factor = latentFactor(config);
    return buildAutoencoderEncoder(config, { height: factor, width: factor }, form);
  },
  taesd_decoder: (file, config, form) => buildTinyDecoder(readTinyAutoencoderConfig(file, config), CELLS, form),
  taesd_encoder: (file, config, form) =>
    buildTinyEncoder(readTinyAutoencoderConfig(file, config), { height: 8, width: 8 }, form),
};

const TARGETS: readonly Target[] = ['webgpu', 'portable'];

/**
 * @param file         how errors call the config
 * @param storedForm   as in GraphForm: decides which matrices are packed
 * @returns one weight for each key, in the order in which the graphs read them
 */
export function componentWeights(
  id: ComponentId,
  { file, config }: { file: string; config: unknown },
  storedForm: GraphForm['storedForm'],
): Weight[] {
  const found = new Map<string, Weight>();
  for (const target of TARGETS) {
    const { weights } = BUILDERS[id](file, config, { target, activations: 'float32', storedForm });
    for (const weight of weights) {
      const key = weightKey(weight.expr);
      if (!found.has(key)) found.set(key, weight);
    }
  }
  return [...found.values()];
}
