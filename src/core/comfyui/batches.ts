/** Which picture of a batch was saved: all are saved with the same graph, unless a node takes some out. */
import type { Note } from '../recipe/infotext';
import type { PromptNode } from './graph';
import type { Pass } from './passes';
import type { Walk } from './walk';

/** Pictures of a batch that follow each other; `first` counts from 0. */
interface Range {
  first: number;
  count: number;
}

/** The first of a batch is what a recipe paints: nothing is said where it is that. */
export function noteBatch(walk: Walk, { batch = 1 }: Pass): Note[] {
  if (batch < 2) return [];
  const all: Range = { first: 0, count: batch };
  const range = walk.picked.reduceRight<Range | undefined>((before, node) => pick(walk, node, before), all) ?? all;
  const isFirst = range.count === 1 && range.first === 0;
  return isFirst ? [] : [{ key: 'batch_size', message: sentenceOf(range, batch) }];
}

function sentenceOf({ first, count }: Range, batch: number): string {
  if (count === 1) return `It is picture ${first + 1} of a batch of ${batch}: the first is told.`;
  const among =
    count < batch ? `pictures ${first + 1} to ${first + count} of a batch of ${batch}` : `${batch} pictures of a batch`;
  return `It is one of ${among}: which one is not in the graph, and the first is told.`;
}

/** Undefined where what a node takes is not in the graph. @see ComfyUI comfy_extras/nodes_images.py ImageFromBatch; cubiq/ComfyUI_essentials ImageFromBatch+ */
function pick(walk: Walk, node: PromptNode, range: Range | undefined): Range | undefined {
  const index = walk.number(node, ...['batch_index', 'start'].filter((name) => node.inputs.has(name)));
  const length = node.inputs.has('length') ? walk.number(node, 'length') : 1;
  if (!range || index === undefined || length === undefined) return undefined;
  const start = Math.min(Math.max(0, index), range.count - 1);
  const rest = range.count - start;
  return { first: range.first + start, count: length < 1 ? rest : Math.min(length, rest) };
}
