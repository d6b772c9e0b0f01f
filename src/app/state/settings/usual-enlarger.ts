/** What a model's pictures are enlarged with, and how large its tiles are, as long as the person does not choose otherwise. */
import type { ModelEntry } from '../../../core/catalog';
import { usualTiles } from '../../../core/redraw/usual-tiles';
import { ADVANCED_DEFAULTS, type AdvancedSettings } from '../../../core/recipe/request';

type Model = Pick<ModelEntry, 'enlarger'>;
type Painter = Pick<ModelEntry, 'enlarger' | 'size' | 'defaults'>;

/** The enlarger of a model whose pictures are painted small. */
export const usualOf = ({ enlarger, size, defaults }: Painter): Partial<AdvancedSettings> => ({
  ...(enlarger && { enlarger }),
  ...usualTiles(size, defaults),
});

export const isUsualOf = (model: Model, enlarger: unknown): boolean =>
  enlarger === (model.enlarger ?? ADVANCED_DEFAULTS.enlarger);

/** As it is painted: for sheets of many pictures, and for an area that is laid into a picture of another size. What else it is enlarged with was asked for. */
export function withoutUsual<Said extends Partial<AdvancedSettings>>(said: Said, { enlarger }: Model): Said {
  if (enlarger === undefined || said.enlarger !== enlarger) return said;
  const rest = { ...said };
  delete rest.enlarger;
  return rest;
}
