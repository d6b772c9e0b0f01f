/** Axes as they are typed, and the keys of the sheet. */
import { AppError } from '../../errors';
import { AXES, type GridContext } from './axis-table';
import { cellCount, MOST_CELLS, type Axis, type AxisDraft, type Grid } from './grid';

/** @throws AppError 'bad-request' in one sentence */
export function parseAxis({ id, text }: AxisDraft, context: GridContext): Axis {
  const entry = AXES[id];
  if (!entry) throw new AppError('bad-request', `"${id}" cannot be varied.`);
  const values = entry.parse(text, context);
  if (values.length === 0) throw new AppError('bad-request', `${entry.label}: what are its values? ${entry.help}.`);
  return { id, text, values };
}

/** @throws AppError 'bad-request' naming the axis that is wrong, or that there are too many cells */
export function parseGrid(drafts: readonly AxisDraft[], context: GridContext): Grid {
  const axes = drafts.map((draft) => parseAxis(draft, context));
  const cells = cellCount({ axes });
  if (cells > MOST_CELLS)
    throw new AppError('bad-request', `${cells} pictures are too many for one grid: at most ${MOST_CELLS}.`);
  return { axes };
}

const NAMES = ['X', 'Y', 'Z'] as const;

/** What A1111 writes into the sheet, besides the recipe of the first cell. */
export function gridKeys({ axes }: Grid): Record<string, string> {
  const keys: [string, string][] = [['Script', 'X/Y/Z plot']];
  axes.forEach(({ id, text, values }, i) => {
    const name = NAMES[i] ?? 'Z';
    keys.push([`${name} Type`, AXES[id]?.label ?? id], [`${name} Values`, text]);
    const seeds = values.map(({ change }) => change.seed ?? change.variationSeed);
    if (id === 'seed' || id === 'variationSeed') keys.push([`Fixed ${name} Values`, seeds.join(', ')]);
  });
  return Object.fromEntries(keys);
}
