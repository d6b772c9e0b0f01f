/** What LoRAs and models that are mixed in change of a model's weights, as far as a Control-LoRA has those weights from the model. */
import { columnsOf, tensor } from '../graph';
import {
  BranchWeights,
  evaluateNow,
  MergedWeights,
  type BranchSource,
  type LowRank,
  type TensorBlend,
  type TensorChange,
  type TensorChanges,
  type WeightChanges,
} from '../weights';

type Values = Float32Array<ArrayBuffer>;

/** By tensor of the model. */
export interface BaseChanges {
  /** What stands beside its weights. */
  branches: readonly BranchSource[];
  /** What is added to them. */
  merged: TensorChanges;
  /** Models that are mixed in; it comes before what is added. */
  blend?: TensorBlend | undefined;
}

/** A tensor of the model as a Control-LoRA has it. */
export interface BaseTensor {
  shape: readonly number[];
  /** The model's own, where that sees more than the latent: of its columns the first are taken. */
  wide?: { shape: readonly number[]; values(): Values };
}

export const NO_CHANGES: BaseChanges = { branches: [], merged: new Map() };

/** @param tensors  those of the model's that are not whole in the file */
export function changesOnBase(all: BaseChanges, own: ReadonlyMap<string, BaseTensor>): WeightChanges {
  const { blend } = all;
  const tensors = blend ? mapped(own, (name, place) => blendedPlace(blend, name, place)) : own;
  const branches = all.branches.map(({ factor, factors }): BranchSource => {
    const found = [...factors].flatMap(([name, one]): [string, LowRank][] => {
      const place = tensors.get(name);
      return place ? [[name, branchHere(one, place)]] : [];
    });
    return { factor, factors: new Map(found) };
  });
  const merged = [...all.merged].flatMap(([name, changes]): [string, readonly TensorChange[]][] => {
    const place = tensors.get(name);
    return place ? [[name, changes.map((change) => changeHere(change, place))]] : [];
  });
  const mixed = blend && blendHere(blend, own);
  return { branches: new BranchWeights(branches), merged: new MergedWeights(new Map(merged), mixed) };
}

const mapped = <Value>(all: ReadonlyMap<string, Value>, change: (name: string, value: Value) => Value) =>
  new Map([...all].map(([name, value]) => [name, change(name, value)]));

/** What the file holds itself is nobody's mixture. */
function blendHere(blend: TensorBlend, tensors: ReadonlyMap<string, BaseTensor>): TensorBlend {
  return {
    difference(name, shape, values) {
      const { wide } = tensors.get(name) ?? {};
      if (!wide) return tensors.has(name) ? blend.difference(name, shape, values) : undefined;
      const all = blend.difference(name, wide.shape, wide.values());
      return all && firstColumns(Float32Array.from(all), wide.shape, shape[1]);
    },
  };
}

/** A change that depends on the tensor sees what was mixed. */
function blendedPlace(blend: TensorBlend, name: string, { wide, ...place }: BaseTensor): BaseTensor {
  if (!wide) return place;
  const values = (): Values => {
    const own = wide.values();
    const mixed = blend.difference(name, wide.shape, own);
    return mixed ? own.map((value, i) => value + mixed[i]) : own;
  };
  return { ...place, wide: { ...wide, values } };
}

function branchHere(found: LowRank, { shape, wide }: BaseTensor): LowRank {
  if (!wide) return found;
  return { ...found, down: firstColumns(found.down, [found.rank, ...wide.shape.slice(1)], shape[1]) };
}

function changeHere(change: TensorChange, { shape, wide }: BaseTensor): TensorChange {
  if (!wide) return change;
  const difference = (): Float32Array => {
    const all = Float32Array.from(change.difference(change.usesTensor ? wide.values() : undefined));
    return firstColumns(all, wide.shape, shape[1]);
  };
  return { usesTensor: false, difference };
}

const firstColumns = (values: Values, shape: readonly number[], count: number): Values =>
  evaluateNow(columnsOf(tensor('wide', ...shape), count), () => values);
