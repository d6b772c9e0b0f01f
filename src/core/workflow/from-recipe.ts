/** A request becomes the workflow that makes its picture. */
import { usesNegative } from '../guidance';
import { stripComments } from '../prompt/comments';
import { extractNetworks } from '../prompt/networks';
import { planPrompt } from '../prompt/plan';
import { hasHires, secondPass } from '../recipe/hires';
import { HIRES_UPSCALERS } from '../recipe/hires-upscalers';
import { withDefaults, type CompleteRequest, type GenerationRequest } from '../recipe/request';
import { SAMPLERS, type SamplerEntry } from '../samplers';
import { operationOf, type OperationId } from './operations';
import { saidSettings } from './settings';
import { WORKFLOW_VERSION, type Wire, type Workflow, type WorkflowNode } from './workflow';

const wire = (node: string, output: string): Wire => ({ node, output });

const FITTED = wire('fit', 'image');

/** A LoRA that is here, and what prompts may call it. */
export interface NamedAdapter {
  id: string;
  names: readonly string[];
}

/**
 * @param request  sound: see recipe/problems.ts
 * @param adapters  LoRAs that tags of the prompt may name; a tag that names another stays in the prompt, and is left out of it there
 */
export function workflowOf(request: GenerationRequest, adapters: readonly NamedAdapter[] = []): Workflow {
  const { prompt, nodes: added } = adapterNodes(request, adapters);
  const complete = { ...withDefaults(request), prompt };
  const model = wire(added.at(-1)?.id ?? 'model', 'model');
  const picture = pictureNodes(complete);
  // Nothing of it is painted anew.
  if (picture.length > 0 && complete.denoisingStrength === 0)
    return { version: WORKFLOW_VERSION, nodes: [...picture, node('keep', 'keep', {}, { image: FITTED })] };
  const calls = promptCalls(complete);
  const prompts = promptNodes(complete, { model: model, calls });
  const start =
    picture.length > 0
      ? node('encode', 'encode_image', {}, { model: model, image: FITTED })
      : node('empty', 'empty_latent', complete, { model: model });
  const second = hasHires(complete) ? secondNodes(complete, model, calls) : [];
  const last = second.at(-1)?.id ?? 'sample';
  return {
    version: WORKFLOW_VERSION,
    nodes: [
      node('model', 'load_model', { model: request.model }),
      ...added,
      ...picture,
      start,
      ...prompts,
      node('sample', 'sample', complete, {
        model: model,
        ...guides(prompts),
        latent: wire(start.id, 'latent'),
        ...(picture.length > 0 && { picture: FITTED }),
      }),
      ...second,
      node('decode', 'decode_latent', {}, { model: model, latent: wire(last, 'latent') }),
      node('keep', 'keep', {}, { image: wire('decode', 'image') }),
    ],
  };
}

/** LoRAs that the prompt's tags name, one on top of the other, and the prompt without these tags. */
function adapterNodes(
  { prompt, dialect }: GenerationRequest,
  adapters: readonly NamedAdapter[],
): { prompt: string; nodes: WorkflowNode[] } {
  const none = { prompt, nodes: [] };
  if (dialect === 'comfyui' || adapters.length === 0) return none;
  const found = extractNetworks(stripComments(prompt)).networks.flatMap((tag) => {
    const adapter = tag.kind === 'lora' ? findAdapter(tag.name, adapters) : undefined;
    return adapter ? [{ tag, adapter }] : [];
  });
  if (found.length === 0) return none;
  const without = found.reduce((text, { tag }) => text.replace(tag.raw, ''), stripComments(prompt));
  const nodes = found.map(({ tag, adapter }, i) => {
    const settings = { adapter: adapter.id, unet: tag.unetWeight, text: tag.textWeight };
    return node(`adapter ${i + 1}`, 'add_adapter', settings, {
      model: wire(i === 0 ? 'model' : `adapter ${i}`, 'model'),
    });
  });
  return { prompt: without, nodes };
}

/** As A1111: by the file's name, else by an alias; where neither is right to the letter, in any case. */
function findAdapter(name: string, adapters: readonly NamedAdapter[]): NamedAdapter | undefined {
  const wanted = name.toLowerCase();
  return (
    adapters.find(({ names }) => names.includes(name)) ??
    adapters.find(({ names }) => names.some((one) => one.toLowerCase() === wanted))
  );
}

/** The positive prompt, and the negative where it is read. @param ids  what their ids end in */
function promptNodes(
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
function guides([positive, negative]: readonly WorkflowNode[]): Record<string, Wire> {
  return {
    positive: wire(positive.id, 'conditioning'),
    ...((negative as WorkflowNode | undefined) && { negative: wire(negative.id, 'conditioning') }),
  };
}

/** Hires. fix: the latent enlarged and painted over. @see A1111 modules/processing.py, sample_hr_pass */
function secondNodes(request: CompleteRequest, model: Wire, firstPassCalls: number): WorkflowNode[] {
  const { hiresScale, hiresUpscaler, denoisingStrength } = request;
  const second: CompleteRequest = { ...request, ...secondPass(request), noiseMultiplier: 1 };
  const { mode, antialias } = HIRES_UPSCALERS[hiresUpscaler];
  const [width, height] = [request.width, request.height].map((side) => Math.trunc(side * hiresScale));
  const enlarge = node(
    'enlarge',
    'resize_latent',
    { width, height, mode, antialias },
    { model, latent: wire('sample', 'latent') },
  );
  if (denoisingStrength === 0) return [enlarge];
  const prompts = promptNodes(second, { model, calls: promptCalls(second), firstPassCalls, ids: ' again' });
  const inputs = { model, ...guides(prompts), latent: wire('enlarge', 'latent') };
  return [enlarge, ...prompts, node('sample again', 'sample', { ...second, takesAllSteps: true }, inputs)];
}

/** The picture it starts from, at the size that is painted; none where it starts from noise. */
function pictureNodes({ initImage, ...complete }: CompleteRequest): WorkflowNode[] {
  if (initImage === undefined) return [];
  return [
    node('picture', 'load_image', { image: initImage }),
    node('fit', 'fit_image', complete, { image: wire('picture', 'image') }),
  ];
}

/** Calls that prompt editing counts. */
function promptCalls({ sampler, steps }: CompleteRequest): number {
  const { countsDouble }: SamplerEntry = SAMPLERS[sampler];
  return steps * (countsDouble ? 2 : 1);
}

/** Whether the negative prompt has a share in the picture, or the sampler asks for it. */
function readsNegative({ prompt, dialect, sampler, cfgScale }: CompleteRequest, calls: number): boolean {
  const { needsUncond = false, cfgScaleFactor = 1 }: SamplerEntry = SAMPLERS[sampler];
  const weights = planPrompt(prompt, { dialect, calls }).parts.map(({ weight }) => weight);
  return needsUncond || usesNegative(weights, cfgScale * cfgScaleFactor);
}

/** Only what is not the default is said. @param values  of which the operation's are taken */
function node(
  id: string,
  operation: OperationId,
  values: object = {},
  inputs: WorkflowNode['inputs'] = {},
): WorkflowNode {
  const known = Object.keys(operationOf(operation).inputs);
  if (!Object.keys(inputs).every((name) => known.includes(name))) throw new RangeError(`${operation}: no such input`);
  return { id, operation, settings: saidSettings(operation, values as Record<string, unknown>), inputs };
}
