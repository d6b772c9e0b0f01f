/** What a workflow must know of other checkpoints than the model: of one that paints a second pass, of one that takes over on the way. */
import { sharesLatents, type ModelFamily } from '../families';
import type { Parts } from './pass-nodes';

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

/** @param second  that begins the second pass, where it is not the first */
export function refinerPartOf(
  refiner: Checkpoint,
  first: Checkpoint,
  second: Checkpoint = first,
): NonNullable<Parts['refiner']> {
  const isOther = ({ family }: Checkpoint): boolean =>
    family !== undefined && refiner.family !== undefined && family !== refiner.family;
  return { model: refiner.id, isOtherFamily: { first: isOther(first), second: isOther(second) } };
}
