/** Which nodes sample, and how: from noise, or over parts of a picture. Makers of other nodes keep the names of ComfyUI's inputs. */
import { isLink, type PromptNode } from './graph';
import { PIPE } from './kinds';
import type { Walk } from './walk';

const CUSTOM_SAMPLERS: ReadonlySet<string> = new Set(['SamplerCustom', 'SamplerCustomAdvanced']);

/** They have a sampler's settings and sample nothing. */
const NO_SAMPLER =
  /save|config|settings|setting$|provider|params|parameters|\binfo|preSampling|pipeEdit|pipe ?out|pipe ?in|^Context|Loader|Reader|script|metadata/i;

export const LATENT = [
  'latent_image',
  'latent',
  'samples',
  'optional_latent',
  'image',
  'images',
  'pixels',
  'upscaled_image',
];
const PICTURES = ['image', 'images', 'pixels', 'upscaled_image'];

export function isSampler(walk: Walk, node: PromptNode): boolean {
  if (CUSTOM_SAMPLERS.has(node.type)) return true;
  if (NO_SAMPLER.test(node.type)) return false;
  const has = (...names: readonly string[]) => walk.input(node, ...names) !== undefined;
  const own = [...node.inputs];
  const isJoined = own.some(([name, value]) => isLink(value) && (name === 'model' || PIPE.test(name)));
  const isNamed = /sampler|upscal|detail/i.test(node.type) || node.inputs.has('sampler_name');
  return isJoined && isNamed && has('sampler_name') && has('steps', 'steps_total') && has('cfg');
}

/** It takes a picture and gives one: detailers, tiled upscalers. */
export function repaints(node: PromptNode): boolean {
  const latent = ['latent_image', 'latent', 'samples', 'optional_latent'].some((name) => isLink(node.inputs.get(name)));
  const picture = PICTURES.some((name) => isLink(node.inputs.get(name)));
  return (
    (picture && !latent && !/^KSampler$|easy (full)?kSampler/i.test(node.type)) ||
    /detailer|ultimatesdupscale/i.test(node.type)
  );
}

/** Samplers that paint as ComfyUI's own. */
const KNOWN =
  /^(KSampler|KSamplerAdvanced|SamplerCustom|SamplerCustomAdvanced|KSampler \(Efficient\)|KSampler Adv\. \(Efficient\)|KSampler SDXL \(Eff\.\)|KSampler \/\/Inspire|KSamplerAdvanced \/\/Inspire|KSampler \(WAS\)|easy (full)?kSampler|easy kSamplerSDTurbo|ttN pipeKSampler(_v2)?|ttN KSampler_v2|SwarmKSampler|ImpactKSamplerBasicPipe|KSampler \[pipe\])$/;

export function isKnownSampler({ type }: PromptNode): boolean {
  return KNOWN.test(type);
}
