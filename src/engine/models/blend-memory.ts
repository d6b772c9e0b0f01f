/** What a model takes more where others are mixed into it: of the components that are changed everything is widened. */
import type { ComponentId } from '../../core/networks/components';
import { blends, type OpenBlend } from './blends';
import type { ModelSource } from './model-source';
import { loadedBytes } from './pack-bank';

export function blendBytes(blend: OpenBlend, { activations, pack: open, ...source }: ModelSource): number {
  const components = open?.pack.components ?? {};
  return (Object.keys(components) as ComponentId[])
    .filter((id) => blends(blend, id))
    .reduce((sum, id) => {
      const wide = loadedBytes(components[id], { activations, isWidened: true });
      return sum + Math.max(0, wide - source.loadedBytes(id));
    }, 0);
}
