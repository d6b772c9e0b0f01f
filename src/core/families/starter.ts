/** The built-in model: small, with a vocabulary and latents of its own. */
import type { Family } from './family';
import { USUAL_PARTS } from './parts';

export const starter: Family = {
  texts: [{ component: 'text_encoder', padding: 'end', finalNorm: true }],
  ...USUAL_PARTS,
  tokenizer: 'own',
  clipSkip: 'any',
  zeroesEmptyNegative: false,
  latentChannels: 32,
  optimisedFor: 512,
  defaults: { sampler: 'euler', schedule: 'sgm_uniform', steps: 8, cfgScale: 4, width: 128, height: 128 },
  size: { min: 128, max: 128, step: 32 },
  work: { pass: 0.001, decode: 0.001, size: 128 },
  rank: 0,
  builtIn: 'starter',
};
