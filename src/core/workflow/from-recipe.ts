/** A request becomes the workflow that makes its picture. */
import { usesNegative } from '../guidance';
import { planPrompt } from '../prompt/plan';
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
  const encode = (id: string, text: string, own: Record<string, unknown> = {}): WorkflowNode =>
    node(id, 'encode_text', { ...complete, text, calls, ...own }, { model: MODEL });
  const negative = readsNegative(complete, calls)
    ? [encode('negative', complete.negativePrompt, { isNegative: true })]
    : [];
  const start =
    picture.length > 0
      ? node('encode', 'encode_image', {}, { model: MODEL, image: FITTED })
      : node('empty', 'empty_latent', complete, { model: MODEL });
  return {
    version: WORKFLOW_VERSION,
    nodes: [
      node('model', 'load_model', { model: request.model }),
      ...picture,
      start,
      encode('positive', complete.prompt),
      ...negative,
      node('sample', 'sample', complete, {
        model: MODEL,
        positive: wire('positive', 'conditioning'),
        ...Object.fromEntries(negative.map(({ id }) => [id, wire(id, 'conditioning')])),
        latent: wire(start.id, 'latent'),
        ...(picture.length > 0 && { picture: FITTED }),
      }),
      node('decode', 'decode_latent', {}, { model: MODEL, latent: wire('sample', 'latent') }),
      node('keep', 'keep', {}, { image: wire('decode', 'image') }),
    ],
  };
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
