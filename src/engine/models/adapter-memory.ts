/** What LoRAs take beside a model's own weights when it is loaded with them: factors, and matrices that are widened to be changed. */
import type { ComponentId } from '../../core/networks/components';
import { canBeLent, roomFor } from '../../core/weights';
import { isPlain, placedAdapter, strengthIn, type OpenUse } from './adapters';
import type { ModelSource } from './model-source';

const product = (shape: readonly number[]): number => shape.reduce((all, n) => all * n, 1);

/**
 * Bytes by component: [rank, in…] and [out, rank] of each branch in the activations' type, and what a widened matrix takes more.
 * @param counts  tensors that are left out where it says no
 */
export function adapterBytes(
  uses: readonly OpenUse[],
  {
    activations,
    widenedBytes,
    lendsFactors = false,
  }: Pick<ModelSource, 'activations' | 'widenedBytes' | 'lendsFactors'>,
  counts: (component: ComponentId, tensor: string) => boolean = () => true,
): Map<ComponentId, number> {
  const bytes = new Map<ComponentId, number>();
  const add = (component: ComponentId, more: number): void =>
    void bytes.set(component, (bytes.get(component) ?? 0) + more);
  const width = activations === 'float16' ? 2 : 4;
  const areLent = (component: ComponentId): boolean => {
    const placed = uses.flatMap((use, place) => placedAdapter(use, component, place) ?? []);
    return lendsFactors && canBeLent(placed.length) && isPlain(placed);
  };
  const lent = new Map<ComponentId, boolean>();
  const isLent = (component: ComponentId): boolean => {
    const known = lent.get(component) ?? areLent(component);
    lent.set(component, known);
    return known;
  };
  const widened = new Set<string>();
  for (const use of uses)
    for (const { component, path, shape, kind, isLowRank, branchRank = 0 } of use.adapter.layers.values()) {
      const [out, ...inner] = shape;
      const tensor = `${path}.weight`;
      if (!counts(component, tensor)) continue;
      const rank = isLent(component) ? roomFor(branchRank) : branchRank;
      if (isLowRank) add(component, width * rank * (out + product(inner)));
      else if (kind && strengthIn(use, component) !== 0 && !widened.has(`${component}/${tensor}`)) {
        widened.add(`${component}/${tensor}`);
        add(component, widenedBytes?.(component, tensor) ?? 0);
      }
    }
  return bytes;
}
