/** Words that tables of packs share. */
import { float, int, outs, socket, type NodeSpec, type NodeTable } from './spec';

export const anyNumber = (value = 0) => int(value, [-(2n ** 64n), 2n ** 64n]);
export const anyFloat = (value = 0) => float(value, [-Number.MAX_VALUE, Number.MAX_VALUE]);
export const STRING = outs('STRING');
export const words = () => socket('STRING');

/** A table whose every node is of one pack. */
export function ofPack(pack: string, table: NodeTable): NodeTable {
  return Object.fromEntries(Object.entries(table).map(([name, spec]) => [name, { ...spec, pack }]));
}

export const constant = (widget: NodeSpec['inputs'][string], output: string, operation = 'whole_number'): NodeSpec => ({
  operation,
  category: 'utils/constants',
  inputs: { value: widget },
  outputs: outs(output),
});
