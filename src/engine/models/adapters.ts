/** The LoRAs on a model: opened once, their factors read where a component is loaded with them. */
import {
  blockFactor,
  openAdapter,
  parseBlockWeights,
  type Adapter,
  type AdapterLayer,
  type ReadLayer,
} from '../../core/adapters';
import type { ModelShapes } from '../../core/adapters';
import { AppError } from '../../core/errors';
import type { ByteSource } from '../../core/formats';
import { roleOf, type ComponentId } from '../../core/networks/components';
import type { BranchSource, LowRank, TensorChange, TensorChanges } from '../../core/weights';
import type { AdapterEntry } from '../api';

/** One that is used, and how much of it. */
export interface AdapterUse {
  id: string;
  revision: string;
  /** Strength of the denoiser's part. */
  denoiser: number;
  /** Strength of the text encoders' part. */
  text: number;
  /** How much of that each block gets: see parseBlockWeights. All where absent. */
  blocks?: string;
}

export interface OpenUse extends AdapterUse {
  adapter: Adapter;
}

/** What each layer's strength is multiplied by. */
function sharesOf({ blocks = '' }: OpenUse): (layer: AdapterLayer) => number {
  const weights = parseBlockWeights(blocks);
  return (layer) => (weights ? blockFactor(weights, layer) : 1);
}

/** One on a component, and where it stands among those of the model. */
export interface PlacedAdapter {
  place: number;
  use: OpenUse;
  /** Strength with which layers are changed that cannot stand beside the weights; absent where there are none, or by nothing. */
  merged?: number;
}

/** Name of the graph's input for an adapter's strength, by the adapter's place among those used. */
export const factorName = (place: number): string => `adapter_${place}`;

export const isFactorName = (name: string): boolean => name.startsWith('adapter_');

export const strengthIn = (use: AdapterUse, component: ComponentId): number =>
  roleOf(component) === 'text' ? use.text : use.denoiser;

export const changes = ({ adapter }: OpenUse, component: ComponentId): boolean =>
  [...adapter.layers.values()].some((layer) => layer.component === component);

const isMerged = ({ isLowRank, changesBias }: AdapterLayer): boolean => !isLowRank || changesBias;

/** Whether all of them stand beside the weights, and nothing is worked into those. */
export const isPlain = (placed: readonly PlacedAdapter[]): boolean =>
  placed.every(({ merged }) => merged === undefined);

/** Told apart by what is loaded: another strength of what stands beside the weights is the same. */
export const placedKey = (placed: readonly PlacedAdapter[]): unknown[] =>
  placed.map(({ place, merged, use: { id, revision, blocks } }) => [
    place,
    id,
    revision,
    merged ?? null,
    blocks ?? null,
  ]);

/** How a component is to be loaded with it; undefined where it changes nothing of that. */
export function placedAdapter(use: OpenUse, component: ComponentId, place: number): PlacedAdapter | undefined {
  const layers = [...use.adapter.layers.values()].filter((layer) => layer.component === component);
  const strength = strengthIn(use, component);
  const merged = strength !== 0 && layers.some(isMerged) ? strength : undefined;
  if (merged === undefined && !layers.some(({ isLowRank }) => isLowRank)) return undefined;
  return { place, use, ...(merged !== undefined && { merged }) };
}

/** Those of one model: laid against its own layers. */
export class AdapterCache {
  readonly #shapes: () => ModelShapes;
  readonly #open = new Map<string, Promise<Adapter>>();

  constructor(shapes: () => ModelShapes) {
    this.#shapes = shapes;
  }

  /**
   * Those of strength 0 too, where they fit: another strength then loads nothing.
   * @throws AppError as openAdapter, 'missing-file' where an entry is not there; not for those of strength 0
   */
  async open(uses: readonly AdapterUse[], entries: readonly AdapterEntry[]): Promise<OpenUse[]> {
    const found: OpenUse[] = [];
    for (const use of uses)
      try {
        found.push({ ...use, adapter: await this.#adapterOf(use, entries) });
      } catch (error) {
        // One that fits nothing here changes nothing; what else goes wrong with a file is a mistake of ours.
        if (use.denoiser !== 0 || use.text !== 0 || !(error instanceof AppError)) throw error;
      }
    return found;
  }

  async #adapterOf({ id, revision }: AdapterUse, entries: readonly AdapterEntry[]): Promise<Adapter> {
    const key = `${id} ${revision}`;
    const adapter = this.#open.get(key) ?? openAdapter(sourceOf(adapterEntry(id, entries)), { model: this.#shapes() });
    this.#open.set(key, adapter);
    adapter.catch(() => this.#open.delete(key));
    return await adapter;
  }
}

/** @throws AppError 'missing-file' */
export function adapterEntry(id: string, entries: readonly AdapterEntry[]): AdapterEntry {
  const entry = entries.find((one) => one.id === id);
  if (entry) return entry;
  throw new AppError('missing-file', `The LoRA "${id}" is not here: add its file, or take its tag out of the prompt.`);
}

export function sourceOf({ names, id, file }: AdapterEntry): ByteSource {
  return {
    name: names.at(0) ?? id,
    size: file.size,
    read: async (offset, length) => {
      if (offset < 0 || length < 0 || offset + length > file.size)
        throw new RangeError(`${id}: bytes ${offset} to ${offset + length} of ${file.size}`);
      return new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
    },
  };
}

/** What stands beside a component's weights: of layers whose change is a product of two small matrices. */
export async function branchSource(
  use: OpenUse,
  { component, place, check }: { component: ComponentId; place: number; check?: (() => void) | undefined },
): Promise<BranchSource> {
  const { adapter } = use;
  const shareOf = sharesOf(use);
  const factors = new Map<string, LowRank>();
  for (const [id, layer] of adapter.layers) {
    if (layer.component !== component || !layer.isLowRank) continue;
    check?.();
    const found = await adapter.factors(id);
    if (!found) throw new RangeError(`${id}: it says that it is low-rank, and gives no factors`);
    const { rank, down, up } = found;
    const scale = found.scale * shareOf(layer);
    factors.set(`${layer.path}.weight`, {
      rank,
      down: Float32Array.from(down),
      up: Float32Array.from(up, (value) => value * scale),
    });
  }
  return { factor: factorName(place), factors };
}

/**
 * What is added to a component's tensors while they are read. Of the files nothing is in memory but what is added: as it is stored, and
 * computed with when the tensor's turn has come.
 *
 * @param check  asked before each layer and within it; what it throws ends that
 */
export async function tensorChanges(
  adapters: readonly PlacedAdapter[],
  component: ComponentId,
  check: () => void = () => undefined,
): Promise<TensorChanges> {
  const changes = new Map<string, TensorChange[]>();
  const add = (name: string, change: TensorChange): void =>
    void changes.set(name, [...(changes.get(name) ?? []), change]);
  for (const { use, merged } of adapters) {
    if (merged === undefined) continue;
    const shareOf = sharesOf(use);
    for (const [id, layer] of use.adapter.layers) {
      if (layer.component !== component || !isMerged(layer)) continue;
      const strength = merged * shareOf(layer);
      if (strength === 0) continue;
      check();
      const held = await use.adapter.hold(id);
      const { path, usesWeight: usesTensor } = layer;
      if (!layer.isLowRank && layer.kind)
        add(`${path}.weight`, {
          usesTensor,
          difference: (weight) => {
            check();
            return held.delta({ strength, check, ...(weight && { weight }) });
          },
        });
      if (layer.changesBias)
        add(`${path}.bias`, {
          usesTensor: false,
          difference: () => biasOf(held, { id, strength }),
        });
    }
  }
  return changes;
}

function biasOf(held: ReadLayer, { id, strength }: { id: string; strength: number }): Float32Array {
  const found = held.biasDelta({ strength });
  if (found) return found;
  throw new RangeError(`${id}: it says that it changes the bias, and does not`);
}
