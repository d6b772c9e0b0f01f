/** The programs whose JSON is known, and where each differs. What none of them is, is read by what all have in common. */
import { BEDROCK } from './bedrock';
import { CIVITAI, CIVITAI_COMFY } from './civitai';
import { DEFORUM } from './deforum';
import { DIFFUSERS } from './diffusers';
import { DRAW_THINGS, DRAW_THINGS_CONFIG } from './draw-things';
import { EASY_DIFFUSION } from './easy-diffusion';
import { FOOOCUS, FOOOCUS_PRESET, RUINED_FOOOCUS } from './fooocus';
import { HORDE } from './horde';
import { INFINITE_BROWSING } from './infinite-browsing';
import { INVOKE, INVOKE_2 } from './invoke';
import { NOVEL_AI } from './novel-ai';
import type { Program } from './program';
import { SD_CPP } from './sd-cpp';
import { SWARM } from './swarm';
import { TENSOR_ART } from './tensor-art';

export const PROGRAMS: readonly Program[] = [
  BEDROCK,
  INFINITE_BROWSING,
  DEFORUM,
  FOOOCUS_PRESET,
  SD_CPP,
  SWARM,
  DRAW_THINGS,
  DRAW_THINGS_CONFIG,
  NOVEL_AI,
  INVOKE_2,
  INVOKE,
  DIFFUSERS,
  EASY_DIFFUSION,
  RUINED_FOOOCUS,
  FOOOCUS,
  HORDE,
  TENSOR_ART,
  CIVITAI_COMFY,
  CIVITAI,
];
