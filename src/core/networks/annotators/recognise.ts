/** The table of small networks that draw hints, and which of them a file's tensors are of. */
import type { BuiltGraph, GraphForm, Target } from '../../graph';
import type { MadePlace, TensorPlace } from '../tensor-place';
import type { Shapes } from '../unet-signs';
import { animeLines } from './anime-lines';
import type { Annotator } from './annotator';
import { depthAnything } from './depth-anything';
import { hed } from './hed';
import { lineDrawing } from './line-drawing';
import { mlsd } from './mlsd';
import { pidinet } from './pidinet';
import { teed } from './teed';
import { vitpose } from './vitpose';
import { yolos } from './yolos';

export const ANNOTATORS = {
  hed,
  line_drawing: lineDrawing,
  anime_lines: animeLines,
  teed,
  depth_anything: depthAnything,
  pidinet,
  mlsd,
  vitpose,
  yolos,
} as const;

export type AnnotatorId = keyof typeof ANNOTATORS;

export interface RecognisedAnnotator {
  id: AnnotatorId;
  /** Config that holds its sizes. */
  config: unknown;
  /** Tensors of the graph, in the file as they are. */
  names: ReadonlyMap<string, TensorPlace>;
  /** Tensors of the graph that are made of the file's. */
  made: ReadonlyMap<string, MadePlace>;
  build(form: Target | GraphForm): BuiltGraph;
}

/** undefined for tensors of none @throws AppError 'bad-file' for tensors that do not fit together */
export function recogniseAnnotator(tensors: Shapes): RecognisedAnnotator | undefined {
  for (const [id, annotator] of Object.entries(ANNOTATORS) as [AnnotatorId, Annotator][]) {
    const prefix = (annotator.prefixes ?? []).find((one) => tensors.has(one + annotator.signs[0])) ?? '';
    const own = without(prefix, tensors);
    if (!annotator.signs.every((name) => own.has(name))) continue;
    const config = annotator.config(own);
    const names = new Map([...own.keys()].map((name) => [name, { key: prefix + name }]));
    const made = new Map(
      [...(annotator.makes?.(own) ?? [])].map(([name, place]): [string, MadePlace] => [
        name,
        { ...place, from: place.from.map((key) => prefix + key) },
      ]),
    );
    return { id, config, names, made, build: (form) => annotator.build(config, form) };
  }
  return undefined;
}

const without = (prefix: string, tensors: Shapes): Shapes =>
  prefix === '' ? tensors : new Map([...tensors].map(([key, entry]) => [key.replace(prefix, ''), entry]));
