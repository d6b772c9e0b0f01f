/** The refiner out of recipes. */
import { isOwnModel } from './hires-settings';
import { paintsOneSize, type SizeLimits } from './size-limits';
import type { RefinerSettings } from './refiner';
import type { Note, Recipe } from './recipe';

/** Nothing where it is the model that paints anyway; and a sentence for what cannot be. */
export function refinerSettings(
  { refiner = {}, hires, ...recipe }: Recipe,
  size?: SizeLimits,
): { settings: RefinerSettings; notes: Note[] } {
  const { checkpoint = '', switchAt, bySteps, passes } = refiner;
  const nothing = { settings: {}, notes: [] };
  if (checkpoint === '' || (hires?.checkpoint === undefined && isOwnModel(checkpoint, recipe))) return nothing;
  if (size && paintsOneSize(size)) {
    const message = `The refiner ${checkpoint} is not applied: this model paints ${size.min} pixels a side and no more.`;
    return { settings: {}, notes: [{ key: 'Refiner', message }] };
  }
  const settings = {
    refinerCheckpoint: checkpoint,
    ...(switchAt !== undefined && { refinerSwitchAt: switchAt }),
    ...(bySteps !== undefined && { refinerBySteps: bySteps }),
    ...(passes !== undefined && { refinerPasses: passes }),
  };
  return { settings, notes: [] };
}
