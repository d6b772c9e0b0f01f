/** The table of families. Catalogue, importer, engine and tests iterate it or look into it. */
import type { Family } from './family';
import { sd15 } from './sd15';
import { sd21 } from './sd21';
import { sdxl } from './sdxl';
import { sdxlRefiner } from './sdxl-refiner';
import { starter } from './starter';

export const FAMILIES = { sd15, sd21, sdxl, 'sdxl-refiner': sdxlRefiner, starter } as const satisfies Record<
  string,
  Family
>;

export type ModelFamily = keyof typeof FAMILIES;

/** What is taken where nothing tells. */
export const USUAL_FAMILY: ModelFamily = 'sd15';

export const isFamily = (id: string): id is ModelFamily => Object.hasOwn(FAMILIES, id);

export const familyIds = (): ModelFamily[] => Object.keys(FAMILIES) as ModelFamily[];

/** Those whose models come from elsewhere: what ships with the app is no choice. */
export const publishedFamilies = (): ModelFamily[] => familyIds().filter((id) => familyOf(id).builtIn === undefined);

export const familyOf = (id: ModelFamily): Family => FAMILIES[id];

/** Whether a latent of the one is one of the other: of an autoencoder that was never seen it is taken for granted. */
export function sharesLatents(a: ModelFamily | undefined, b: ModelFamily | undefined): boolean {
  if (a === undefined || b === undefined || a === b) return true;
  const [one, other] = [familyOf(a).latentColours, familyOf(b).latentColours];
  return one !== undefined && one === other;
}
