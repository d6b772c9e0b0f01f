/** A pass in which another model takes over on the way. @see A1111 modules/sd_samplers_common.py, apply_refiner */
import { partNames } from '../recipe/own-vae';
import { missingRefiner } from '../recipe/checkpoint';
import { refinedPasses } from '../recipe/refiner';
import type { CompleteRequest } from '../recipe/request';
import { adapterNodes, type NamedAdapter } from './adapter-nodes';
import { node, wire } from './make-node';
import { guides, lastModel, modelNodes, promptCalls, promptNodes, type Parts } from './pass-nodes';
import type { WorkflowNode } from './workflow';

/** A pass as one model would paint it. */
interface Pass {
  which: 'first' | 'second';
  /** What its prompts and its sampler are told. */
  request: CompleteRequest;
  /** The id of the model that begins it. */
  model: string;
  sample: WorkflowNode;
  /** The prompt with its tags. */
  said: string;
  firstPassCalls?: number;
}

/**
 * Its sampler's node, or the nodes of both models, of which the last has that node's id.
 * @throws AppError 'missing-file' where the refiner is not among the parts
 */
export function refinedNodes(
  { which, request, model, sample, said, firstPassCalls = 0 }: Pass,
  { adapters, parts }: { adapters: readonly NamedAdapter[]; parts: Parts },
): WorkflowNode[] {
  if (!refinedPasses(request)[which]) return [sample];
  const { refiner } = parts;
  if (!refiner) throw missingRefiner(request.refinerCheckpoint);
  if (refiner.model === model) return [sample];
  const ids = which === 'first' ? ' of the refiner' : ' of the refiner again';
  const isOther = refiner.isOtherFamily[which];
  const switching = { switchAt: request.refinerSwitchAt, switchesByCalls: request.refinerBySteps };
  const settings = { ...sample.settings, ...switching };
  const begun = `${sample.id}, begun`;
  const began = which === 'second' && parts.second?.model === model ? parts.second : undefined;
  const { vae, ...texts } = partNames(request);
  const files = began?.hasOtherLatents === true ? {} : { vae, ...(!isOther && texts) };
  const loaded = modelNodes({ ...files, tiling: request.tiling, model: refiner.model }, parts, ids);
  const base = wire(loaded[loaded.length - 1].id, 'model');
  const { nodes } = adapterNodes({ ...request, prompt: said }, { adapters, model: base, ids });
  // those of the first model's prompt are for its family
  const isOfFirst = began?.isOtherFamily === true && request.hiresPrompt === '';
  const added = isOther || isOfFirst ? [] : nodes;
  const own = lastModel(added, base);
  const prompts = promptNodes(request, { model: own, calls: promptCalls(request), firstPassCalls, ids });
  const { control, ...inputs } = sample.inputs;
  const seen = { ...inputs, ...(!isOther && control && { control }) };
  return [
    node(begun, 'sample', settings, sample.inputs),
    ...loaded,
    ...added,
    ...prompts,
    node(sample.id, 'sample', settings, { ...seen, model: own, ...guides(prompts), begun: wire(begun, 'begun') }),
  ];
}
