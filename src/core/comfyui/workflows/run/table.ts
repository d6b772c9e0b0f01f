/** What compiles each class: NODES names it as its `operation`. */
import type { Runners } from './graph-walk';
import { COMPUTING_RUNNERS } from './runners/computing';
import { CONDITIONING_RUNNERS } from './runners/conditioning';
import { CONTROL_STACK_RUNNERS } from './runners/control-stacks';
import { CUSTOM_SAMPLING_RUNNERS } from './runners/custom-sampling';
import { GUIDANCE_RUNNERS } from './runners/guidance';
import { HINT_RUNNERS } from './runners/hints';
import { IMAGE_JOIN_RUNNERS } from './runners/image-joins';
import { IMAGE_PROMPT_RUNNERS } from './runners/image-prompts';
import { IMAGE_RUNNERS } from './runners/images';
import { LATENT_MIX_RUNNERS } from './runners/latent-mixes';
import { LATENT_RUNNERS } from './runners/latents';
import { LOADER_RUNNERS } from './runners/loaders';
import { MASK_PACK_RUNNERS } from './runners/mask-packs';
import { MASK_RUNNERS } from './runners/masks';
import { MERGING_RUNNERS } from './runners/merging';
import { MODEL_RUNNERS } from './runners/models';
import { MORE_VALUE_RUNNERS } from './runners/more-values';
import { PACK_RUNNERS } from './runners/packs';
import { PACK_SAMPLING_RUNNERS } from './runners/pack-sampling';
import { PIPE_RUNNERS } from './runners/pipes';
import { PRESET_SIZE_RUNNERS } from './runners/preset-sizes';
import { REDRAW_RUNNERS } from './runners/redraw';
import { RESIZING_RUNNERS } from './runners/resizing';
import { SAMPLING_RUNNERS } from './runners/sampling';
import { SCRIPT_RUNNERS } from './runners/scripts';
import { SEAMLESS_RUNNERS } from './runners/seamless';
import { SINGLE_FILE_RUNNERS } from './runners/single-files';
import { STACK_RUNNERS } from './runners/stacks';
import { STRING_RUNNERS } from './runners/strings';
import { TAGGED_TEXT_RUNNERS } from './runners/tagged-texts';
import { VALUE_RUNNERS } from './runners/values';

export const RUNNERS: Runners = {
  ...LOADER_RUNNERS,
  ...SINGLE_FILE_RUNNERS,
  ...MODEL_RUNNERS,
  ...GUIDANCE_RUNNERS,
  ...MERGING_RUNNERS,
  ...CONDITIONING_RUNNERS,
  ...LATENT_RUNNERS,
  ...LATENT_MIX_RUNNERS,
  ...SAMPLING_RUNNERS,
  ...CUSTOM_SAMPLING_RUNNERS,
  ...IMAGE_RUNNERS,
  ...IMAGE_JOIN_RUNNERS,
  ...MASK_RUNNERS,
  ...MASK_PACK_RUNNERS,
  ...VALUE_RUNNERS,
  ...MORE_VALUE_RUNNERS,
  ...STRING_RUNNERS,
  ...COMPUTING_RUNNERS,
  ...RESIZING_RUNNERS,
  ...HINT_RUNNERS,
  ...IMAGE_PROMPT_RUNNERS,
  ...STACK_RUNNERS,
  ...SEAMLESS_RUNNERS,
  ...PACK_RUNNERS,
  ...CONTROL_STACK_RUNNERS,
  ...PACK_SAMPLING_RUNNERS,
  ...PRESET_SIZE_RUNNERS,
  ...TAGGED_TEXT_RUNNERS,
  ...PIPE_RUNNERS,
  ...SCRIPT_RUNNERS,
  ...REDRAW_RUNNERS,
};
