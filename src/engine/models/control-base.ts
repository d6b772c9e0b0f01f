/** The model's weights that a Control-LoRA stands on, with the LoRAs that are on them and the models that are mixed in: what they make of the model they make of it too. */
import type { ComponentId } from '../../core/networks/components';
import type { BaseWeights } from '../../core/packs';
import type { BranchSource } from '../../core/weights';
import type { NamedTensor } from '../ports';
import { adapterBytes } from './adapter-memory';
import { branchSource, placedAdapter, placedKey, tensorChanges, type OpenUse } from './adapters';
import { tensorBlend, type OpenBlend } from './blends';
import type { ModelSource } from './model-source';

export interface ControlBase {
  weights: BaseWeights;
  /** Another text where other weights are to be loaded; other strengths of what stands beside them are the same. */
  key: string;
  /** Strengths of LoRAs, as graphs are told them with each run. */
  factors: Readonly<Record<string, NamedTensor>>;
  /** Bytes that the LoRAs add to tensors for which `isHere` holds. */
  addedBytes(isHere: (tensor: string) => boolean): number;
}

export interface ControlBaseParts {
  /** The denoiser. */
  component: ComponentId;
  uses: readonly OpenUse[];
  /** Models that are mixed into it. */
  blend?: OpenBlend | undefined;
  factors: ControlBase['factors'];
  /** Asked while LoRAs are read: what it throws ends that. */
  check?: (() => void) | undefined;
}

/** @returns undefined where the model is of ready-made graphs, whose weights nobody knows */
export function controlBase(
  { pack: open, activations, widenedBytes }: Pick<ModelSource, 'pack' | 'activations' | 'widenedBytes'>,
  { component, uses, blend, factors, check }: ControlBaseParts,
): ControlBase | undefined {
  if (!open) return undefined;
  const placed = uses.flatMap((use, place) => placedAdapter(use, component, place) ?? []);
  return {
    weights: {
      open,
      component,
      changes: async () => {
        const branches: BranchSource[] = [];
        for (const { place, use } of placed) branches.push(await branchSource(use, { component, place, check }));
        const merged = await tensorChanges(placed, component, check);
        return { branches, merged, blend: blend && (await tensorBlend(blend, component)) };
      },
      ...(blend && { isBlended: true }),
    },
    key: JSON.stringify([placedKey(placed), blend?.key]),
    factors,
    addedBytes: (isHere) => {
      // Nothing of what is mixed is packed, so that nothing is left to be widened.
      const sizes = { activations, ...(widenedBytes && !blend && { widenedBytes }) };
      return adapterBytes(uses, sizes, (id, tensor) => id === component && isHere(tensor)).get(component) ?? 0;
    },
  };
}
