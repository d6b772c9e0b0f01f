/** What a model's pictures are enlarged with as long as the person does not choose otherwise. */
import type { ModelEntry } from '../../../core/catalog';
import { ADVANCED_DEFAULTS, type AdvancedSettings } from '../../../core/recipe/request';

type Model = Pick<ModelEntry, 'enlarger'>;

/** The enlarger of a model whose pictures are painted small. */
export const usualOf = ({ enlarger }: Model): Partial<AdvancedSettings> => (enlarger ? { enlarger } : {});

export const isUsualOf = (model: Model, enlarger: unknown): boolean =>
  enlarger === (model.enlarger ?? ADVANCED_DEFAULTS.enlarger);

/** As it is painted: for sheets of many pictures, and for an area that is laid into a picture of another size. What else it is enlarged with was asked for. */
export function withoutUsual<Said extends Partial<AdvancedSettings>>(said: Said, { enlarger }: Model): Said {
  if (enlarger === undefined || said.enlarger !== enlarger) return said;
  const rest = { ...said };
  delete rest.enlarger;
  return rest;
}
