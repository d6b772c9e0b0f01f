/** One model of two. Shares are told to the engine, which mixes weights where they are loaded. */
import type { Wire } from '../../../../workflow';
import { nodeSpec } from '../../nodes';
import type { Place, Runners } from '../graph-walk';
import type { ClipValue, ModelValue } from '../values';

export const MERGING_RUNNERS: Runners = {
  merge_models: (at) => {
    const ratio = at.number('ratio');
    return [ratio === 1 ? at.take('model1', 'MODEL') : models(at, ratio, 1 - ratio)];
  },
  merge_by_shares: (at) => [byShares(at)],
  add_models: (at) => [models(at, 1, 1)],
  subtract_models: (at) => [models(at, at.number('multiplier'), -at.number('multiplier'))],
  merge_clips: (at) => {
    const ratio = at.number('ratio');
    return [ratio === 1 ? at.take('clip1', 'CLIP') : clips(at, ratio, 1 - ratio)];
  },
  add_clips: (at) => [clips(at, 1, 1)],
  subtract_clips: (at) => [clips(at, at.number('multiplier'), -at.number('multiplier'))],
};

const blended = (at: Place, settings: object, model: Wire, other: Wire): Wire =>
  at.wire('blend_models', 'model', settings, { model, other });

/** What stands on the first model stays on it, and of the second its weights alone count, with its LoRAs. */
function models(at: Place, own: number, other: number): ModelValue {
  return written(at, { own: String(own), other: String(other) });
}

function written(at: Place, settings: { own: string; other: string }): ModelValue {
  const [first, second] = [at.take('model1', 'MODEL'), at.take('model2', 'MODEL')];
  return { ...first, model: blended(at, settings, first.model, second.model) };
}

function clips(at: Place, ownText: number, otherText: number): ClipValue {
  const [first, second] = [at.take('clip1', 'CLIP'), at.take('clip2', 'CLIP')];
  return { ...first, model: blended(at, { ownText, otherText }, first.model, second.model) };
}

/** A share for each block that the node has; the first is that of what none of them names. */
function byShares(at: Place): ModelValue {
  const names = Object.keys(nodeSpec(at.node.class_type)?.inputs ?? {}).filter((name) => !name.startsWith('model'));
  const list = (share: (name: string) => number): string => names.map((name) => `${name}=${share(name)}`).join();
  return written(at, { own: list((name) => at.number(name)), other: list((name) => 1 - at.number(name)) });
}
