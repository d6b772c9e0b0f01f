/** A request becomes the workflow that makes its picture. */
import { usesNegative } from '../guidance';
import { planPrompt } from '../prompt/plan';
import { hasHires, secondPass } from '../recipe/hires';
import { HIRES_UPSCALERS } from '../recipe/hires-upscalers';
import { withDefaults, type CompleteRequest, type GenerationRequest } from '../recipe/request';
import { SAMPLERS, type SamplerEntry } from '../samplers';
import { operationOf, type OperationId } from './operations';
import { saidSettings } from './settings';
import { WORKFLOW_VERSION, type Wire, type Workflow, type WorkflowNode } from './workflow';

const wire = (node: string, output: string): Wire => ({ node, output });

const MODEL = wire('model', 'model');
const FITTED = wire('fit', 'image');

/** @param request  sound: see recipe/problems.ts */
export function workflowOf(request: GenerationRequest): Workflow {
  const complete = withDefaults(request);
  const picture = pictureNodes(complete);
  // Nothing of it is painted anew.
  if (picture.length > 0 && complete.denoisingStrength === 0)
    return { version: WORKFLOW_VERSION, nodes: [...picture, node('keep', 'keep', {}, { image: FITTED })] };
  const calls = promptCalls(complete);
  const prompts = promptNodes(complete, { calls });
  const start =
    picture.length > 0
      ? node('encode', 'encode_image', {}, { model: MODEL, image: FITTED })
      : node('empty', 'empty_latent', complete, { model: MODEL });
  const second = hasHires(complete) ? secondNodes(complete, calls) : [];
  const last = second.at(-1)?.id ?? 'sample';
  return {
    version: WORKFLOW_VERSION,
    nodes: [
      node('model', 'load_model', { model: request.model }),
      ...picture,
      start,
      ...prompts,
      node('sample', 'sample', complete, {
        model: MODEL,
        ...guides(prompts),
        latent: wire(start.id, 'latent'),
        ...(picture.length > 0 && { picture: FITTED }),
      }),
      ...second,
      node('decode', 'decode_latent', {}, { model: MODEL, latent: wire(last, 'latent') }),
      node('keep', 'keep', {}, { image: wire('decode', 'image') }),
    ],
  };
}

/** The positive prompt, and the negative where it is read. @param ids  what their ids end in */
function promptNodes(
  request: CompleteRequest,
  { calls, firstPassCalls = 0, ids = '' }: { calls: number; firstPassCalls?: number; ids?: string },
): WorkflowNode[] {
  const encode = (id: string, text: string, own: Record<string, unknown> = {}): WorkflowNode =>
    node(id + ids, 'encode_text', { ...request, text, calls, firstPassCalls, ...own }, { model: MODEL });
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
function secondNodes(request: CompleteRequest, firstPassCalls: number): WorkflowNode[] {
  const { hiresScale, hiresUpscaler, denoisingStrength } = request;
  const second: CompleteRequest = { ...request, ...secondPass(request), noiseMultiplier: 1 };
  const { mode, antialias } = HIRES_UPSCALERS[hiresUpscaler];
  const [width, height] = [request.width, request.height].map((side) => Math.trunc(side * hiresScale));
  const enlarge = node(
    'enlarge',
    'resize_latent',
    { width, height, mode, antialias },
    { model: MODEL, latent: wire('sample', 'latent') },
  );
  if (denoisingStrength === 0) return [enlarge];
  const prompts = promptNodes(second, { calls: promptCalls(second), firstPassCalls, ids: ' again' });
  const inputs = { model: MODEL, ...guides(prompts), latent: wire('enlarge', 'latent') };
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
