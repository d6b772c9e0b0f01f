/** What a model takes more where others are mixed into it: of the components that are changed everything is widened. */
import type { ComponentId } from '../../core/networks/components';
import { blends, type OpenBlend } from './blends';
import type { ModelSource } from './model-source';
import { loadedBytes } from './pack-bank';

/** Bytes by component that are changed, beside what they take unchanged. */
export function blendBytes(
  blend: Pick<OpenBlend, 'own' | 'others'>,
  { activations, pack: open, ...source }: Pick<ModelSource, 'activations' | 'pack' | 'loadedBytes'>,
): Map<ComponentId, number> {
  const components = open?.pack.components ?? {};
  const changed = (Object.keys(components) as ComponentId[]).filter((id) => blends(blend, id));
  return new Map(
    changed.map((id) => {
      const wide = loadedBytes(components[id], { activations, isWidened: true });
      return [id, Math.max(0, wide - source.loadedBytes(id))];
    }),
  );
}
