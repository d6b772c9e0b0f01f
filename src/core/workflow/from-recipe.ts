/** A request becomes the workflow that makes its picture. */
import { usesNegative } from '../guidance';
import { planPrompt } from '../prompt/plan';
import { withDefaults, type CompleteRequest, type GenerationRequest } from '../recipe/request';
import { SAMPLERS, type SamplerEntry } from '../samplers';
import { operationOf, type OperationId } from './operations';
import { saidSettings } from './settings';
import { WORKFLOW_VERSION, type Wire, type Workflow, type WorkflowNode } from './workflow';

/** @param request  sound: see recipe/problems.ts */
export function workflowOf(request: GenerationRequest): Workflow {
  const complete = withDefaults(request);
  const calls = promptCalls(complete);
  const model = wire('model', 'model');
  const encode = (id: string, text: string, own: Record<string, unknown> = {}): WorkflowNode =>
    node(id, 'encode_text', { ...complete, text, calls, ...own }, { model });
  const negative = readsNegative(complete, calls)
    ? [encode('negative', complete.negativePrompt, { isNegative: true })]
    : [];
  const guides = Object.fromEntries(negative.map(({ id }) => [id, wire(id, 'conditioning')]));
  return {
    version: WORKFLOW_VERSION,
    nodes: [
      node('model', 'load_model', { model: request.model }),
      node('empty', 'empty_latent', complete, { model }),
      encode('positive', complete.prompt),
      ...negative,
      node('sample', 'sample', complete, {
        model,
        positive: wire('positive', 'conditioning'),
        ...guides,
        latent: wire('empty', 'latent'),
      }),
      node('decode', 'decode_latent', {}, { model, latent: wire('sample', 'latent') }),
      node('keep', 'keep', {}, { image: wire('decode', 'image') }),
    ],
  };
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

const wire = (node: string, output: string): Wire => ({ node, output });

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
