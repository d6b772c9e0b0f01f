/** What LoRAs change of a model's weights, as far as a Control-LoRA has those weights from the model. */
import { columnsOf, tensor } from '../graph';
import {
  BranchWeights,
  evaluateNow,
  MergedWeights,
  type BranchSource,
  type LowRank,
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
}

/** A tensor of the model as a Control-LoRA has it. */
export interface BaseTensor {
  shape: readonly number[];
  /** The model's own, where that sees more than the latent: of its columns the first are taken. */
  wide?: { shape: readonly number[]; values(): Values };
}

export const NO_CHANGES: BaseChanges = { branches: [], merged: new Map() };

/** @param tensors  those of the model's that are not whole in the file */
export function changesOnBase(all: BaseChanges, tensors: ReadonlyMap<string, BaseTensor>): WeightChanges {
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
  return { branches: new BranchWeights(branches), merged: new MergedWeights(new Map(merged)) };
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
