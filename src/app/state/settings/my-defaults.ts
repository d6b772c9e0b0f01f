/** Settings that the person keeps as their own for a model, and the way back to what it comes with. */
import { BASIC_IDS, fieldOf } from '../../../core/recipe/request';
import type { MyDefaults, Settings } from './settings.svelte';

export function hasMine({ mine, model }: Settings): boolean {
  return Object.hasOwn(mine, model.id);
}

/** Undefined: it begins as it comes. */
export const mineOf = ({ mine }: Settings, id: string): MyDefaults | undefined =>
  Object.hasOwn(mine, id) ? mine[id] : undefined;

/** Those of all other models stay. */
export function useMine(settings: Settings, id: string, own: MyDefaults | undefined): void {
  const others = Object.entries(settings.mine).filter(([other]) => other !== id);
  settings.mine = Object.fromEntries(own ? [...others, [id, own]] : others);
}

/** All but prompts and seed, as they are now; what is wrong in the form is left out when it is used. */
export function keepMine(settings: Settings): void {
  const stored = settings.toStored();
  const ids = BASIC_IDS.filter((id) => fieldOf(id).kind !== 'text' && fieldOf(id).kind !== 'seed');
  const fields = Object.fromEntries(ids.map((id) => [id, stored[id]]));
  const { batchCount, advanced } = stored;
  useMine(settings, settings.model.id, { fields, batchCount, advanced });
}

/** The model is as it comes, here and in the form. */
export function forgetMine(settings: Settings): void {
  useMine(settings, settings.model.id, undefined);
  settings.advanced.useRequest({});
  settings.batchCount = 1;
  settings.useDefaults();
}
