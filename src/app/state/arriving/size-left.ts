/** A size that the model at hand cannot paint: taken over by itself it would only stop the next picture. */
import type { ModelEntry } from '../../../core/catalog';
import type { Change, Note, Recipe } from '../../../core/recipe/infotext';
import { fieldProblem } from '../../../core/recipe/problems';

const SIDES = ['width', 'height'] as const;
/** The sides, and what makes a picture as large as the model at hand can have it. */
const OF_SIZE: ReadonlySet<string> = new Set([...SIDES, 'enlarger']);

/** Fields of a recipe's size, where this model cannot paint that. */
export function sizeLeft(
  changes: readonly Change[],
  recipe: Pick<Recipe, 'width' | 'height'> | undefined,
  { size }: Pick<ModelEntry, 'size'>,
): ReadonlySet<string> {
  const isSound = SIDES.every(
    (side) => recipe?.[side] === undefined || fieldProblem(side, recipe[side], size) === undefined,
  );
  return new Set(isSound ? [] : changes.map(({ field }) => field).filter((field) => OF_SIZE.has(field)));
}

/** What is to be said of it. Sides that no model known here paints have their own notes. */
export function sizeNote(left: ReadonlySet<string>, { name }: Pick<ModelEntry, 'name'>): Note | undefined {
  return SIDES.some((side) => left.has(side))
    ? { key: 'Size', message: `Its size is not ticked: ${name} cannot paint that.` }
    : undefined;
}
