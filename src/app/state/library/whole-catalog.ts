/** The catalogue that ships: fetched while the page is open already, which begins with its first model alone. */
import manifest from '../../../../models-manifest.json';
import { parseCatalog } from '../../../core/catalog';

export const WHOLE_CATALOG = parseCatalog(manifest);
