/** What units add, a row of the batch each: how much of it, and its sum. */
import { isOfPositiveAlone, residualScales } from '../../../core/control/control-scales';
import type { Control } from '../../models/control';
import type { NamedTensor, RawTensor } from '../../ports';
import type { ControlUse } from '../implementation';
import type { ControlledRow } from './pictures';

/** Nothing, of any size: it is spread over the map. */
export const ZERO_DIMS = [1, 1, 1, 1];

/**
 * How much of each map each row gets, [rows, 1, 1, maps]. Where one row alone gets any, only that is computed.
 * @returns undefined where none does
 */
export function rowScales({ use, control }: { use: ControlUse; control: Control }, rows: readonly ControlledRow[]) {
  const count = control.control?.residuals ?? 0;
  const scales = residualScales(count, use);
  const controlled = rows.map(
    ({ isPositive }) => isPositive || !(isOfPositiveAlone(use.mode) || control.control?.pools),
  );
  if (!controlled.some(Boolean)) return undefined;
  const data = Float32Array.from(controlled.flatMap((is) => scales.map((scale) => (is ? scale : 0))));
  const only = controlled.filter(Boolean).length === 1 ? controlled.indexOf(true) : undefined;
  return { tensor: { data, dims: [rows.length, 1, 1, count] }, taken: only };
}

/** One row of what has several; the timestep is all rows'. */
export function alike(inputs: Record<string, NamedTensor>, row: number | undefined): Record<string, NamedTensor> {
  if (row === undefined) return inputs;
  return Object.fromEntries(
    Object.entries(inputs).map(
      ([
        name,
        {
          data,
          dims: [rows, ...rest],
        },
      ]): [string, NamedTensor] => {
        if (name === 'timestep' || rows === 1) return [name, { data, dims: [rows, ...rest] }];
        const size = data.length / rows;
        return [name, { data: data.slice(row * size, (row + 1) * size), dims: [1, ...rest] }];
      },
    ),
  );
}

interface Part {
  map: NamedTensor;
  scale: number;
}

/** @param parts  of each unit, a row each */
export function summedRows(parts: readonly (readonly Part[])[], rows: number): RawTensor {
  if (parts.length === 0) return { data: new Float32Array(1), dims: ZERO_DIMS };
  const [, ...dims] = parts[0][0].map.dims;
  const size = parts[0][0].map.data.length;
  const isSame = parts.every((all) => all.every(({ scale }) => scale === all[0].scale));
  const count = isSame ? 1 : rows;
  const data = new Float32Array(count * size);
  for (const all of parts)
    for (let row = 0; row < count; row++) {
      const { map, scale } = all[row];
      for (let i = 0; i < size; i++) data[row * size + i] += map.data[i] * scale;
    }
  return { data, dims: [count, ...dims] };
}
