/** What compiles each class: NODES names it as its `operation`. */
import type { Runners } from './graph-walk';
import { CONDITIONING_RUNNERS } from './runners/conditioning';
import { IMAGE_RUNNERS } from './runners/images';
import { LATENT_RUNNERS } from './runners/latents';
import { LOADER_RUNNERS } from './runners/loaders';
import { SAMPLING_RUNNERS } from './runners/sampling';
import { VALUE_RUNNERS } from './runners/values';

export const RUNNERS: Runners = {
  ...LOADER_RUNNERS,
  ...CONDITIONING_RUNNERS,
  ...LATENT_RUNNERS,
  ...SAMPLING_RUNNERS,
  ...IMAGE_RUNNERS,
  ...VALUE_RUNNERS,
};
