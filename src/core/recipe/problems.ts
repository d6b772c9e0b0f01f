/** What is wrong with a request: one sentence for each way to get a setting wrong. */
import { AppError } from '../errors';
import type { Field, NumberField } from './field';
import { FIELDS } from './fields';
import { fieldOf, type FieldId, type GenerationRequest } from './request';
import { hasHires } from './hires';
import { redrawProblems, REDRAWN_SIDE, redraws } from './redraw';
import { tilingProblem } from './tiling-field';
import { paintsOneSize, type SizeLimits } from './size-limits';
import { isLongSeed } from './seed-value';

/**
 * One sentence, or undefined where the value is fine; not said is fine where the setting has a default of its own.
 *
 * @param size narrows the sides to what the model can paint
 */
export function fieldProblem(id: FieldId, value: unknown, size?: SizeLimits): string | undefined {
  const field = fieldOf(id);
  if (value === undefined && !field.isBasic) return undefined;
  switch (field.kind) {
    case 'text':
      return typeof value === 'string' ? undefined : `${id} must be text.`;
    case 'flag':
      return typeof value === 'boolean' ? undefined : `${field.label} must be on or off.`;
    case 'choice':
      return choiceProblem(field, value);
    case 'seed':
      return isLongSeed(value) ? undefined : numberRangeProblem(field, value);
    case 'number':
      return field.isSide ? sideProblem(field, value, size ?? field) : numberRangeProblem(field, value);
  }
}

function choiceProblem(field: Field & { kind: 'choice' }, value: unknown): string | undefined {
  const isKnown = typeof value === 'string' && (field.names ? value !== '' : Object.hasOwn(field.choices, value));
  if (isKnown) return undefined;
  // The long lists are on the page.
  const known = field.isBasic ? '.' : `: ${Object.keys(field.choices).join(', ')}.`;
  return `${field.label} "${String(value)}" is not known${known}`;
}

function sideProblem(field: NumberField, value: unknown, size: SizeLimits): string | undefined {
  const { label } = field;
  const { min, max, step } = size;
  if (paintsOneSize(size) && value !== min) return `${label} must be ${min}: this model paints no other size.`;
  const problem = numberRangeProblem({ ...field, min, max }, value);
  if (problem) return problem;
  const pixels = value as number;
  return pixels % step === 0
    ? undefined
    : `${label} must be a multiple of ${step}: try ${nearestMultiple(pixels, size)}.`;
}

function nearestMultiple(value: number, { min, max, step }: SizeLimits): number {
  return Math.min(max, Math.max(min, Math.round(value / step) * step));
}

/** What every number is checked for. */
export function numberRangeProblem(
  { label, min, max, integer }: Pick<NumberField, 'label' | 'min' | 'max' | 'integer'>,
  value: unknown,
): string | undefined {
  const range = `${min} to ${max}`;
  if (typeof value !== 'number' || Number.isNaN(value)) return `${label} must be a number from ${range}.`;
  if (integer && !Number.isInteger(value)) return `${label} must be a whole number from ${range}, not ${value}.`;
  return value < min || value > max ? `${label} must be from ${range}, not ${value}.` : undefined;
}

/** Why Deep Shrink cannot be had as it is set: a sentence, or undefined. */
export function shrinkProblem(said: { [Id in 'shrinkBlock' | 'shrinkFactor' | 'freeu' | 'sagScale']?: unknown }) {
  if (!said.shrinkBlock || said.shrinkFactor === 1) return undefined;
  const other = (said.freeu ?? 'none') !== 'none' ? 'FreeU' : said.sagScale ? 'Self-attention guidance' : undefined;
  return other && `${other} reads maps of one size, which Deep Shrink makes smaller: switch one of them off.`;
}

/** Why the second pass cannot stand alone beside a mask. */
export const ALONE_WITH_MASK =
  'The second pass alone paints all of the picture: take the mask away, or switch “Second pass alone” off.';

export type RequestProblems = Partial<Record<keyof GenerationRequest, string>>;

/** Every problem of a request, by field; empty when it can run. */
export function requestProblems(request: GenerationRequest, size?: SizeLimits): RequestProblems {
  const problems: RequestProblems = {};
  for (const id of Object.keys(FIELDS) as FieldId[]) {
    const problem = fieldProblem(id, request[id], redraws(request) ? REDRAWN_SIDE : size);
    if (problem) problems[id] = problem;
  }
  if (Object.keys(problems).length === 0) Object.assign(problems, redrawProblems(request, size));
  const pair = shrinkProblem(request);
  if (pair) problems.shrinkBlock ??= pair;
  const edges = tilingProblem({ ...request, redraw: redraws(request) ? request.redraw : 'none' });
  if (edges) problems.tiling ??= edges;
  const { hiresAlone, initImage, initMask } = request;
  if (hiresAlone === true && hasHires(request) && initImage !== undefined && initMask !== undefined)
    problems.hiresAlone ??= ALONE_WITH_MASK;
  if (size && paintsOneSize(size) && hasHires(request))
    problems.hiresScale ??= `This model paints ${size.min} pixels a side and no more: it has no second pass.`;
  if (typeof request.model !== 'string') problems.model = 'model must be text.';
  return problems;
}

/** @throws AppError 'bad-request' naming every field that is wrong */
export function assertRequest(request: GenerationRequest, size?: SizeLimits): void {
  const sentences = Object.values(requestProblems(request, size));
  if (sentences.length > 0) throw new AppError('bad-request', sentences.join(' '));
}
