/** The model's weights that a Control-LoRA stands on, with the LoRAs that are on them: what they make of the model they make of it too. */
import type { ComponentId } from '../../core/networks/components';
import type { BaseWeights } from '../../core/packs';
import type { BranchSource } from '../../core/weights';
import type { NamedTensor } from '../ports';
import { adapterBytes } from './adapter-memory';
import { branchSource, placedAdapter, placedKey, tensorChanges, type OpenUse } from './adapters';
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
  factors: ControlBase['factors'];
  /** Asked while LoRAs are read: what it throws ends that. */
  check?: (() => void) | undefined;
}

/** @returns undefined where the model is of ready-made graphs, whose weights nobody knows */
export function controlBase(
  { pack: open, activations, widenedBytes }: Pick<ModelSource, 'pack' | 'activations' | 'widenedBytes'>,
  { component, uses, factors, check }: ControlBaseParts,
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
        return { branches, merged: await tensorChanges(placed, component, check) };
      },
    },
    key: JSON.stringify(placedKey(placed)),
    factors,
    addedBytes: (isHere) => {
      const sizes = { activations, ...(widenedBytes && { widenedBytes }) };
      return adapterBytes(uses, sizes, (id, tensor) => id === component && isHere(tensor)).get(component) ?? 0;
    },
  };
}
