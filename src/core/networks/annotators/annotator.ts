/** A small network that draws hints: what its file looks like, its sizes, and its graph. */
import type { BuiltGraph, GraphForm, Target } from '../../graph';
import type { MadePlace } from '../tensor-place';
import type { Shapes } from '../unet-signs';

export interface Annotator<Config = unknown> {
  /** Name within a sentence: "HED". */
  name: string;
  /** Names of the files that people have of it. */
  files: readonly string[];
  licence: string;
  /** Before all names of some files. */
  prefixes?: readonly string[];
  /** Where all these names are, the tensors are of it. */
  signs: readonly string[];
  /** Sides of what goes in are multiples of it. */
  multiple: number;
  /** @throws AppError 'bad-file' for tensors that do not fit together */
  config(tensors: Shapes): Config;
  /** Tensors of the graph that are not the file's as they are; names without a prefix, sources too. */
  makes?(tensors: Shapes): ReadonlyMap<string, MadePlace>;
  /** image [batch, 3, height, width], RGB in 0…255 → maps, each [batch, 1, height or less, width or less], or tables [batch, 1, rows, columns]; see outputs */
  build(config: Config, form: Target | GraphForm): BuiltGraph;
  outputs: readonly string[];
  /** Numbers in a row of each output, where they are tables and no maps of the picture. */
  columns?: readonly number[];
}

/** Name of the input of every annotator's graph. */
export const IMAGE = 'image';
