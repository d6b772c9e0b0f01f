/** A network of a family as it was published: for models that bring no configs. */
import type { ModelFamily } from '../../core/families';
import { FAMILY_CONFIGS, type FamilyConfigs } from '../../core/families/configs';
import { FILES } from '../../core/families/files';
import { openNetwork, type OpenNetwork } from '../../core/networks';
import type { ComponentId } from '../../core/networks/components';
import { publishedAs } from '../../core/networks/published';

export function publishedNetwork(family: ModelFamily, component: ComponentId): OpenNetwork {
  const configs: FamilyConfigs = FAMILY_CONFIGS[FILES[family].published.base];
  const folder = publishedAs(component);
  return openNetwork(component, { file: folder, config: configs[folder] });
}
