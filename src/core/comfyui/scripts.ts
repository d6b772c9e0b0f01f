/** Scripts that hang on a sampler of Efficiency Nodes: what they make of a picture beyond it. @see jags111/efficiency-nodes-comfyui efficiency_nodes.py */
import type { HiresRecipe, Note } from '../recipe/infotext';
import type { PromptNode } from './graph';
import { latentUpscaler, stem } from './passes';
import type { Walk } from './walk';

export interface Scripts {
  /** A second pass, and how much of it is new. */
  hires?: HiresRecipe;
  denoise?: number;
  notes: Note[];
}

const MOST_SCRIPTS = 8;
const HIRES = 'HighRes-Fix Script';
const NOISE = 'Noise Control Script';

export function readScripts(walk: Walk, sampler: PromptNode): Scripts {
  const found: Scripts = { notes: [] };
  let script = sampler.inputs.has('script') ? walk.source(sampler, 'script') : undefined;
  for (let i = 0; script && i < MOST_SCRIPTS; i++) {
    if (script.type === HIRES && !found.hires) readHires(walk, script, found);
    else if (script.type === NOISE) readNoise(walk, script, found);
    else found.notes.push({ key: script.type, message: `The script "${script.type}" is not carried over.` });
    script = script.inputs.has('script') ? walk.source(script, 'script') : undefined;
  }
  return found;
}

function readHires(walk: Walk, script: PromptNode, found: Scripts): void {
  const isLatent = walk.text(script, 'upscale_type') !== 'pixel';
  const checkpoint = walk.text(script, 'hires_ckpt_name');
  const hires: HiresRecipe = {
    upscaler: isLatent
      ? latentUpscaler(walk.text(script, 'latent_upscaler'))
      : stem(walk.text(script, 'pixel_upscaler') ?? 'model'),
  };
  const [upscale, steps] = [walk.number(script, 'upscale_by'), walk.number(script, 'hires_steps')];
  if (upscale !== undefined) hires.upscale = upscale;
  if (steps !== undefined) hires.steps = steps;
  if (checkpoint !== undefined && !/^\(?use same/i.test(checkpoint)) hires.checkpoint = stem(checkpoint);
  found.hires = hires;
  const denoise = walk.number(script, 'denoise');
  if (denoise !== undefined) found.denoise = denoise;
  const left = [
    walk.value(script, 'upscale_type') === 'both' && 'upscale_type: both',
    walk.value(script, 'use_same_seed') === false && 'a seed of its own',
    (walk.number(script, 'iterations') ?? 1) > 1 && `iterations: ${walk.number(script, 'iterations')}`,
    walk.value(script, 'use_controlnet') === true && 'use_controlnet',
  ].filter((word) => word !== false);
  if (left.length > 0)
    found.notes.push({
      key: HIRES,
      message: `Of the script "${HIRES}" these are not carried over: ${left.join(', ')}.`,
    });
}

function readNoise(walk: Walk, script: PromptNode, found: Scripts): void {
  const left = ['add_seed_noise', 'cfg_denoiser'].filter((name) => walk.value(script, name) === true);
  if (left.length > 0)
    found.notes.push({
      key: NOISE,
      message: `Of the script "${NOISE}" these are not carried over: ${left.join(', ')}.`,
    });
}
