/** The table of small networks that draw hints, and which of them a file's tensors are of. */
import type { BuiltGraph, GraphForm, Target } from '../../graph';
import type { Shapes } from '../unet-signs';
import type { Annotator } from './annotator';
import { depthAnything } from './depth-anything';
import { hed } from './hed';
import { lineDrawing } from './line-drawing';
import { teed } from './teed';

export const ANNOTATORS = { hed, line_drawing: lineDrawing, teed, depth_anything: depthAnything } as const;

export type AnnotatorId = keyof typeof ANNOTATORS;

export interface RecognisedAnnotator {
  id: AnnotatorId;
  /** Config that holds its sizes. */
  config: unknown;
  build(form: Target | GraphForm): BuiltGraph;
}

/** undefined for tensors of none @throws AppError 'bad-file' for tensors that do not fit together */
export function recogniseAnnotator(tensors: Shapes): RecognisedAnnotator | undefined {
  for (const [id, annotator] of Object.entries(ANNOTATORS) as [AnnotatorId, Annotator][]) {
    if (!annotator.signs.every((name) => tensors.has(name))) continue;
    const config = annotator.config(tensors);
    return { id, config, build: (form) => annotator.build(config, form) };
  }
  return undefined;
}
