/**
 * The weights of a Control-LoRA's pack: what it holds itself, products beside a model's own weights, and the model's own where it says nothing.
 * Only the two together are a ControlNet, so that another model's weights make another of it.
 */
import { AppError } from '../errors';
import {
  columnsOf,
  exprShape,
  exprTensors,
  tensor,
  weightKey,
  type GraphForm,
  type Weight,
  type WeightExpr,
} from '../graph';
import type { ConfigFile } from '../networks';
import { roleOf, type ComponentId } from '../networks/components';
import { factorsOf, isOnBase } from '../networks/control/control-lora-file';
import { evaluateNow } from '../weights/evaluate';
import { valuesOf, type WeightChanges } from '../weights/merged-weights';
import { StoredBranches, type StoredFactors } from '../weights/stored-branches';
import { toGraphBytes } from '../weights/stored-form';
import { changesOnBase, NO_CHANGES, type BaseChanges, type BaseTensor } from './changes-on-base';
import { componentWeights } from './component-weights';
import { DTYPE_PLANS, planRule, type DtypePlanId } from './dtype-plans';
import { listedWeights, openWeights, type ListedWeights, type PackWeights } from './open-weights';
import type { PackComponent, StoredWeight } from './pack';
import type { OpenPack } from './pack-io';
import type { PlannedPart } from './stored-parts';

/** Where the other weights are. */
export interface BaseWeights {
  open: OpenPack;
  /** Its denoiser. */
  component: ComponentId;
  /** What LoRAs and models that are mixed in change of them. */
  changes?(): Promise<BaseChanges>;
  /** Models are mixed in: nothing stays packed. */
  isBlended?: boolean;
}

/** The graph's input by which all products are multiplied: 1. */
export const PRODUCT_FACTOR = 'control_lora';

export const standsOnBase = (id: ComponentId, { config }: Pick<PackComponent, 'config'>): boolean =>
  roleOf(id) === 'control' && isOnBase(config);

/** What no model has. */
const isOwn = (name: string): boolean => name.startsWith('controlnet_');

const tensorsOf = (id: ComponentId, config: ConfigFile): { name: string; shape: readonly number[] }[] =>
  exprTensors(componentWeights(id, config).map(({ expr }) => expr));

interface FileTensors {
  has(name: string): boolean;
  shape(name: string): readonly number[];
}

/** What a pack keeps of one. It is small beside the model, and not rounded further. @param tensors  that the file holds, by our names */
export function plannedOnBase(
  id: ComponentId,
  config: ConfigFile,
  { plan, tensors }: { plan: DtypePlanId; tensors: FileTensors },
): PlannedPart[] {
  const rules = DTYPE_PLANS[plan === 'float32' ? plan : 'float16'];
  return tensorsOf(id, config).flatMap(({ name }) =>
    [name, ...Object.values(factorsOf(name))]
      .filter((key) => tensors.has(key))
      .map((key): PlannedPart => {
        const shape = tensors.shape(key);
        const { form } = planRule(rules, { component: id, key, shape, isMatrix: false });
        return { key, expr: tensor(key, ...shape), shape, form };
      }),
  );
}

/** @param where  names pack and component @throws AppError 'bad-file' where it lacks what no model has, or one of two factors */
export function assertOnBase(where: string, id: ComponentId, component: PackComponent): void {
  const { weights: stored } = component;
  listedWeights(where, id, component); // its ranges
  const config = { file: `${where}/config.json`, config: component.config };
  for (const { name, shape } of tensorsOf(id, config)) {
    const { up, down } = factorsOf(name);
    const isWhole = Object.hasOwn(stored, name);
    const isProduct = Object.hasOwn(stored, up) || Object.hasOwn(stored, down);
    if (isProduct ? isFit(stored, name, shape) : isWhole || !isOwn(name)) continue;
    throw new AppError('bad-file', `${where}: weight "${name}" is not in this Control-LoRA; import it again.`);
  }
}

function isFit(stored: PackComponent['weights'], name: string, [out, ...inner]: readonly number[]): boolean {
  const { up, down } = factorsOf(name);
  const [first, second] = [up, down].map((key) => (Object.hasOwn(stored, key) ? stored[key].shape : []));
  const [rank, ...columns] = second;
  return first.join() === [out, rank].join() && columns.join() === inner.join();
}

/** Both together, as a graph reads them. */
export interface WeightsOnBase extends Pick<ListedWeights, 'assertHolds'> {
  storedForm: NonNullable<GraphForm['storedForm']>;
  branches: NonNullable<GraphForm['branches']>;
  read(weight: Weight): Uint8Array<ArrayBuffer>;
}

/** @throws AppError as openWeights */
export async function openOnBase(open: OpenPack, id: ComponentId, base: BaseWeights): Promise<WeightsOnBase> {
  const [own, bases] = [await openWeights(open, id), await openWeights(base.open, base.component)];
  return new Joined({ open, id, base, own, bases, ...(base.changes && { changes: await base.changes() }) });
}

/** Whether a tensor is the model's, changed or not: what LoRAs make of the model's others is not seen. */
export function isBasesOwn({ pack }: OpenPack, id: ComponentId): (name: string) => boolean {
  const { weights = {}, config } = pack.components[id] ?? {};
  const names = new Set(tensorsOf(id, { file: pack.name, config }).map(({ name }) => name));
  return (name) => names.has(name) && !Object.hasOwn(weights, name);
}

/** Its sizes without what LoRAs add to the model, told by both pack.json alone: what is read of it cannot be read. */
export function heldOnBase(open: OpenPack, id: ComponentId, base: BaseWeights): Omit<WeightsOnBase, 'read'> {
  const held = ({ pack }: OpenPack, component: ComponentId): ListedWeights | undefined =>
    pack.components[component] && listedWeights(`${pack.name}: ${component}`, component, pack.components[component]);
  const [own, bases] = [held(open, id), held(base.open, base.component)];
  if (!own || !bases) throw new RangeError(`${open.pack.name}: opened without ${id} or ${base.component}`);
  const changes = { ...NO_CHANGES, ...(base.isBlended && { blend: UNREAD_BLEND }) };
  return new Joined({ open, id, base, own: unread(own), bases: unread(bases), changes });
}

const readOfUnopened = (): never => {
  throw new RangeError('read of what is not open');
};

const UNREAD_BLEND = { difference: readOfUnopened };

const unread = (held: ListedWeights): Source => ({
  storedForm: held.storedForm,
  assertHolds: (graph) => held.assertHolds(graph),
  read: readOfUnopened,
});

type Source = Pick<PackWeights, 'storedForm' | 'assertHolds' | 'read'>;

class Joined implements WeightsOnBase {
  readonly #own: Source;
  readonly #base: Source;
  readonly #stored: Readonly<Record<string, StoredWeight>>;
  readonly #bases: Readonly<Record<string, StoredWeight>>;
  readonly #names: { own: string; base: string };
  readonly #products: StoredBranches;
  readonly #changes: WeightChanges;

  constructor({ open, id, base, own, bases, changes = NO_CHANGES }: JoinedParts) {
    this.#own = own;
    this.#base = bases;
    this.#stored = open.pack.components[id]?.weights ?? {};
    this.#bases = base.open.pack.components[base.component]?.weights ?? {};
    this.#names = { own: open.pack.name, base: base.open.pack.name };
    this.#products = new StoredBranches(PRODUCT_FACTOR, this.#factors());
    const config = { file: open.pack.name, config: open.pack.components[id]?.config };
    const tensors = tensorsOf(id, config).filter(({ name }) => !this.#holds(name) && !isOwn(name));
    this.#changes = changesOnBase(changes, new Map(tensors.map(({ name, shape }) => [name, this.#place(name, shape)])));
  }

  branches = (weight: WeightExpr) => [...this.#products.branches(weight), ...this.#changes.branches.branches(weight)];

  /** Stored form of matrices that are the model's alone; what is partly of the file, or changed, is plain values. */
  storedForm: WeightsOnBase['storedForm'] = (key, shape, matrix) =>
    this.#isBases(matrix) && !this.#isProduct(matrix) && !this.#changes.merged.touches(matrix)
      ? this.#base.storedForm(key, shape, matrix)
      : undefined;

  assertHolds({ weights }: { readonly weights: readonly Weight[] }): void {
    const whole = weights.filter(({ expr }) => !this.#isProduct(expr));
    const bases = whole.filter(({ expr }) => this.#isBases(expr) && !this.#isCut(expr));
    this.#own.assertHolds({
      weights: whole.filter(({ expr }) => this.#tensors(expr).every((one) => this.#holds(one))),
    });
    try {
      this.#base.assertHolds({ weights: bases });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { own, base } = this.#names;
      const message = `${own} is a Control-LoRA, which stands on a model’s weights, and ${base} is of another shape than the model that it was made for. Choose one that was made for ${base}.`;
      throw new AppError('bad-request', message, { cause: error });
    }
    const { unused } = this.#products;
    if (unused.length > 0) throw new RangeError(`${unused[0]}: no weight of the graph is changed by it`);
  }

  read = (weight: Weight): Uint8Array<ArrayBuffer> => {
    if (this.#products.has(weight.expr)) return this.#products.read(weight);
    const { branches, merged } = this.#changes;
    return branches.read(weight) ?? merged.read(weight, this.#unchanged) ?? this.#unchanged(weight);
  };

  /** As both have it, without LoRAs. */
  readonly #unchanged = (weight: Weight): Uint8Array<ArrayBuffer> => {
    const { expr } = weight;
    const tensors = this.#tensors(expr);
    if (tensors.every((name) => this.#holds(name))) return this.#own.read(weight);
    if (this.#isBases(expr) && !this.#isCut(expr)) return this.#base.read(weight);
    const shapes = new Map(exprTensors([expr]).map(({ name, shape }) => [name, shape]));
    const values = evaluateNow(expr, (name) => this.#values(name, shapes.get(name) ?? []));
    const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return toGraphBytes({ data }, { form: 'float32', weight, where: weightKey(expr) });
  };

  #values(name: string, shape: readonly number[]): Float32Array<ArrayBuffer> {
    if (this.#holds(name)) return valuesOf(tensor(name, ...shape), this.#own.read);
    if (!this.#isCut(tensor(name, ...shape))) return valuesOf(tensor(name, ...shape), this.#base.read);
    const wider = this.#wide(name);
    return evaluateNow(columnsOf(tensor(name, ...this.#bases[name].shape), shape[1]), () => wider);
  }

  #wide(name: string): Float32Array<ArrayBuffer> {
    return valuesOf(tensor(name, ...this.#bases[name].shape), this.#base.read);
  }

  #place(name: string, shape: readonly number[]): BaseTensor {
    if (!this.#isCut(tensor(name, ...shape))) return { shape };
    return { shape, wide: { shape: this.#bases[name].shape, values: () => this.#wide(name) } };
  }

  /** It stands beside a weight. */
  #isProduct(expr: WeightExpr): boolean {
    return this.#products.has(expr) || this.#changes.branches.has(expr);
  }

  #tensors(expr: WeightExpr): string[] {
    return exprTensors([expr]).map(({ name }) => name);
  }

  #holds(name: string): boolean {
    return Object.hasOwn(this.#stored, name);
  }

  #isBases(expr: WeightExpr): boolean {
    return this.#tensors(expr).every((name) => !this.#holds(name));
  }

  /** A model that sees more than the latent, as those for inpainting do: of what it makes of that nothing is the ControlNet's. */
  #isCut(expr: WeightExpr): boolean {
    return exprTensors([expr]).some(({ name, shape }) => {
      const wide = Object.hasOwn(this.#bases, name) ? this.#bases[name].shape : shape;
      return shape.length === KERNEL_AXES && wide.length === KERNEL_AXES && wide[1] > shape[1];
    });
  }

  #factors(): Map<string, StoredFactors> {
    const found = new Map<string, StoredFactors>();
    for (const key of Object.keys(this.#stored)) {
      const [, name] = /^(.+)\.up$/.exec(key) ?? [];
      if (name === undefined) continue;
      const { up, down } = factorsOf(name);
      const [first, second] = [up, down].map((one) => tensor(one, ...this.#stored[one].shape));
      const [, rank] = exprShape(first);
      const read = () => ({ rank, up: valuesOf(first, this.#own.read), down: valuesOf(second, this.#own.read) });
      found.set(name, { rank, read });
    }
    return found;
  }
}

interface JoinedParts {
  open: OpenPack;
  id: ComponentId;
  base: BaseWeights;
  own: Source;
  bases: Source;
  changes?: BaseChanges;
}

/** Axes of a convolution's kernel. */
const KERNEL_AXES = 4;
