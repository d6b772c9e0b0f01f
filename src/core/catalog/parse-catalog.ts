/** The catalogue as a whole: models-manifest.json, or one that a person adds by its address. */
import type { Catalog } from './catalog';
import { Fields } from './fields';
import { parseHelper, parseModel } from './parse-entry';

/**
 * @param file how errors call it
 * @throws AppError 'bad-file' naming the entry and the field
 */
export function parseCatalog(value: unknown, file = 'models-manifest.json'): Catalog {
  const root = new Fields(value, file);
  if (root.raw('version') !== 1) root.fail('version', 'must be 1');
  if (!Array.isArray(root.raw('models'))) root.fail('models', 'must be a list of at least one model');
  const models = root.list('models').map(parseModel);
  if (models.length === 0) root.fail('models', 'must be a list of at least one model');
  const helpers = root.has('helpers') ? root.list('helpers').map(parseHelper) : [];
  const ids = [...models, ...helpers].map(({ id }) => id);
  if (new Set(ids).size !== ids.length) root.fail('models', 'has two entries with the same id');
  return { version: 1, models, helpers };
}
