/** What a workflow must know of the checkpoint that paints a second pass. */
import { sharesLatents, type ModelFamily } from '../families';
import type { Parts } from './from-recipe';

interface Checkpoint {
  id: string;
  family?: ModelFamily | undefined;
}

export function secondPartOf(first: Checkpoint, second: Checkpoint): NonNullable<Parts['second']> {
  const { id: model, family } = second;
  if (model === first.id) return { model, hasOtherLatents: false };
  const isOtherFamily = first.family !== undefined && family !== undefined && first.family !== family;
  return {
    model,
    hasOtherLatents: !sharesLatents(first.family, family),
    ...(isOtherFamily && { isOtherFamily }),
  };
}
