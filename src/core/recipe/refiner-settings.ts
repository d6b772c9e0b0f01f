/** The refiner out of recipes. */
import { isOwnModel } from './hires-settings';
import type { RefinerSettings } from './refiner';
import type { Recipe } from './recipe';

/** Nothing where it is the model that paints anyway. */
export function refinerSettings({ refiner = {}, hires, ...recipe }: Recipe): RefinerSettings {
  const { checkpoint = '', switchAt, bySteps, passes } = refiner;
  if (checkpoint === '' || (hires?.checkpoint === undefined && isOwnModel(checkpoint, recipe))) return {};
  return {
    refinerCheckpoint: checkpoint,
    ...(switchAt !== undefined && { refinerSwitchAt: switchAt }),
    ...(bySteps !== undefined && { refinerBySteps: bySteps }),
    ...(passes !== undefined && { refinerPasses: passes }),
  };
}
