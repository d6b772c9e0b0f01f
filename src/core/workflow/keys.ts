/** What a node's outputs depend on, as a short text: the same key, the same outputs. */
import { sha256 } from '../math/sha256';
import { saidSettings } from './settings';
import type { WorkflowNode } from './workflow';

/**
 * @param inputKeys  of the nodes that its wires lead to
 * @param identity  what else tells it apart: of a model's name, which files are behind it
 */
export function nodeKey(
  { operation, settings, inputs }: WorkflowNode,
  inputKeys: ReadonlyMap<string, string>,
  identity = '',
): string {
  const wires = Object.entries(inputs)
    .map(([name, { node, output }]) => [name, inputKeys.get(node) ?? '', output])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([operation, saidSettings(operation, settings), wires, identity]);
  return sha256(new TextEncoder().encode(text));
}
