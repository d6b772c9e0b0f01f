/** Settings that the person keeps as their own for a model, and the way back to what it comes with. */
import { BASIC_IDS, fieldOf } from '../../core/recipe/request';
import type { Settings } from './settings.svelte';

export function hasMine({ mine, model }: Settings): boolean {
  return Object.hasOwn(mine, model.id);
}

/** All but prompts and seed, as they are now; what is wrong in the form is left out when it is used. */
export function keepMine(settings: Settings): void {
  const stored = settings.toStored();
  const ids = BASIC_IDS.filter((id) => fieldOf(id).kind !== 'text' && fieldOf(id).kind !== 'seed');
  const fields = Object.fromEntries(ids.map((id) => [id, stored[id]]));
  const { batchCount, advanced } = stored;
  settings.mine = { ...settings.mine, [settings.model.id]: { fields, batchCount, advanced } };
}

/** The model is as it comes, here and in the form. */
export function forgetMine(settings: Settings): void {
  settings.mine = Object.fromEntries(Object.entries(settings.mine).filter(([id]) => id !== settings.model.id));
  settings.advanced.useRequest({});
  settings.batchCount = 1;
  settings.useDefaults();
}
