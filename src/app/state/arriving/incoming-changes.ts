/** What a recipe would change of the form, a line for each: they are ticked one by one. */
import type { ModelEntry } from '../../../core/catalog';
import type { ControlDraft } from '../../../core/recipe/control/unit';
import type { Change, Recipe } from '../../../core/recipe/infotext';
import { sayUnits } from '../control/incoming-control';
import type { Settings } from '../settings/settings.svelte';

/** Lines beside those of settings, whose keys are the settings' ids. */
export const MODEL = 'model';
export const PICTURE = 'initImage';
export const CONTROL = 'control';

/** One line of the summary. */
export interface IncomingChange {
  key: string;
  label: string;
  from: string;
  to: string;
}

type Pictures = Pick<Recipe, 'initImage' | 'initMask'>;

interface Beside {
  settings: Settings;
  /** What it would start from, where that is something else. */
  picture?: Pictures;
  /** Its units of control, where they are others. */
  control?: readonly ControlDraft[];
  /** The model that it names, as far as that is known. */
  model: Pick<ModelEntry, 'id' | 'name'> | undefined;
}

/** In the order of the page. @param settings  changes of them, as diffRecipe tells them */
export function summarise(
  changes: readonly Change[],
  { settings, picture, control, model }: Beside,
): readonly IncomingChange[] {
  const isOther = model && model.id !== settings.model.id && settings.hasModel(model.id);
  return [
    ...(isOther ? [{ key: MODEL, label: 'Model', from: settings.model.name, to: model.name }] : []),
    ...changes.map(({ field, label, from, to }) => ({ key: field, label, from, to })),
    ...(picture ? [line(PICTURE, 'Starts from', [settings, picture].map(sayPicture), () => 'another picture')] : []),
    ...(control ? [line(CONTROL, 'Control', [settings.control, control].map(sayUnits), (to) => `other: ${to}`)] : []),
  ];
}

/** @param other  what it would be, where both are said alike and are not the same */
function line(
  key: string,
  label: string,
  [from, to]: readonly string[],
  other: (to: string) => string,
): IncomingChange {
  return { key, label, from, to: from === to ? other(to) : to };
}

function sayPicture({ initImage, initMask }: Pictures): string {
  if (initImage === undefined) return 'noise';
  return initMask === undefined ? 'a picture' : 'a picture with a mask';
}
