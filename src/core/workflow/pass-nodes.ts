/** What every pass has: its model, and its texts. */
import { usesNegative } from '../guidance';
import type { Size } from '../image/raster';
import { planPrompt } from '../prompt/plan';
import { ownTexts, ownVae, type PartNames } from '../recipe/own-vae';
import type { CompleteRequest, GenerationRequest } from '../recipe/request';
import { SAMPLERS, type SamplerEntry } from '../samplers';
import { findFile, type NamedAdapter } from './adapter-nodes';
import { node, wire } from './make-node';
import type { Wire, WorkflowNode } from './workflow';

/** Files of the library, and what recipes call them. */
export interface Parts {
  /** That paints the second pass, where it is not the first's. Of other latents the first pass's picture is read again; of another family the first prompt's LoRAs are left out. */
  second?: { model: string; hasOtherLatents: boolean; isOtherFamily?: boolean };
  /** That takes over on the way, where one is asked for; and in which passes it is of another family than the model that begins them: LoRAs and control are for that one. */
  refiner?: { model: string; isOtherFamily: Readonly<Record<'first' | 'second', boolean>> } | undefined;
  vaes?: readonly NamedAdapter[];
  texts?: readonly NamedAdapter[];
  /** Size of the picture that it starts from: where it decides how large that becomes. */
  picture?: Size | undefined;
}

/** The model, with another autoencoder and other text encoders where the request names them. */
export function modelNodes(
  request: Pick<GenerationRequest, 'model' | 'tiling'> & PartNames,
  { vaes = [], texts = [] }: Parts,
  ids = '',
): WorkflowNode[] {
  const nodes = [node(`model${ids}`, 'load_model', { model: request.model })];
  const add = (
    id: string,
    operation: 'use_vae' | 'use_text_encoders' | 'set_tiling',
    settings: Record<string, unknown>,
  ): void => {
    nodes.push(node(id + ids, operation, settings, { model: wire(nodes[nodes.length - 1].id, 'model') }));
  };
  const wanted = ownVae(request);
  if (wanted !== undefined) {
    const found = findFile(wanted, vaes);
    add('model with another VAE', 'use_vae', found ? { autoencoder: found.id } : { missing: wanted });
  }
  ownTexts(request).forEach((name, i) => {
    const found = findFile(name, texts);
    const id = `model with other text encoders${i === 0 ? '' : ` ${i + 1}`}`;
    add(id, 'use_text_encoders', found ? { file: found.id } : { missing: name });
  });
  const { tiling = 'none' } = request;
  if (tiling !== 'none') add('model with joined edges', 'set_tiling', { denoiser: tiling, autoencoder: tiling });
  return nodes;
}

export const lastModel = (added: readonly WorkflowNode[], model: Wire): Wire => {
  const last = added.at(-1);
  return last ? wire(last.id, 'model') : model;
};

/** The positive prompt, and the negative where it is read. @param ids  what their ids end in */
export function promptNodes(
  request: CompleteRequest,
  { model, calls, firstPassCalls = 0, ids = '' }: { model: Wire; calls: number; firstPassCalls?: number; ids?: string },
): WorkflowNode[] {
  const encode = (id: string, text: string, own: Record<string, unknown> = {}): WorkflowNode =>
    node(id + ids, 'encode_text', { ...request, text, calls, firstPassCalls, ...own }, { model });
  const positive = encode('positive', request.prompt);
  if (!readsNegative(request, calls)) return [positive];
  return [positive, encode('negative', request.negativePrompt, { isNegative: true })];
}

/** What a sampler is guided by: the first of them, and against the second. */
export function guides([positive, negative]: readonly WorkflowNode[]): Record<string, Wire> {
  return {
    positive: wire(positive.id, 'conditioning'),
    ...((negative as WorkflowNode | undefined) && { negative: wire(negative.id, 'conditioning') }),
  };
}

/** Calls that prompt editing counts. */
export function promptCalls({ sampler, steps }: CompleteRequest): number {
  const { countsDouble }: SamplerEntry = SAMPLERS[sampler];
  return steps * (countsDouble ? 2 : 1);
}

/** Whether the negative prompt has a share in the picture, or the sampler asks for it, or a model that edits pictures may. */
function readsNegative(request: CompleteRequest, calls: number): boolean {
  const { prompt, dialect, sampler, cfgScale, initImage, imageCfgScale, sagScale, dynthres } = request;
  // that by steps guides by a scale of its own besides
  if (sagScale !== 0 || dynthres === 'steps' || (initImage !== undefined && imageCfgScale !== 1)) return true;
  const { needsUncond = false, cfgScaleFactor = 1 }: SamplerEntry = SAMPLERS[sampler];
  const weights = planPrompt(prompt, { dialect, calls }).parts.map(({ weight }) => weight);
  return needsUncond || usesNegative(weights, cfgScale * cfgScaleFactor);
}
