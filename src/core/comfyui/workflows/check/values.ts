/** A widget's value: what ComfyUI would make of it, and why it would refuse it. */
import type { Json } from '../document';
import type { FileWidget, Widget } from '../nodes';

export interface ValueProblem {
  kind: 'invalid_input_type' | 'value_smaller_than_min' | 'value_bigger_than_max' | 'value_not_in_list';
  message: string;
}

type Files = Readonly<Partial<Record<FileWidget['folder'], readonly string[]>>>;

/** INT, FLOAT, STRING and BOOLEAN are converted first; steps are not looked at. Undefined where the value will do. */
export function valueProblem(widget: Widget, value: Json, files: Files = {}): ValueProblem | undefined {
  const { kind } = widget;
  if (kind === 'choice') return choiceProblem(value, widget.isOpen ? undefined : widget.options);
  if (kind === 'file') return choiceProblem(value, listOf(files, widget.folder), 'is not in the library');
  if (kind !== 'int' && kind !== 'float') return undefined;
  const number = kind === 'int' ? toInt(value) : toFloat(value);
  if (number === undefined)
    return {
      kind: 'invalid_input_type',
      message: `${show(value)} is no ${kind === 'int' ? 'whole ' : ''}number.`,
    };
  if (number < widget.min)
    return {
      kind: 'value_smaller_than_min',
      message: `${number} is less than ${widget.min}, the least that is allowed.`,
    };
  if (number > widget.max)
    return {
      kind: 'value_bigger_than_max',
      message: `${number} is more than ${widget.max}, the most that is allowed.`,
    };
  return undefined;
}

function listOf(files: Files, folder: FileWidget['folder']): readonly string[] | undefined {
  return Object.hasOwn(files, folder) ? files[folder] : undefined;
}

function choiceProblem(
  value: Json,
  options: readonly string[] | undefined,
  sentence = 'is none of its options',
): ValueProblem | undefined {
  if (!options || options.some((option) => option === value)) return undefined;
  const known = options.slice(0, 8).join(', ');
  const rest = options.length > 8 ? ` and ${options.length - 8} more` : '';
  return {
    kind: 'value_not_in_list',
    message: `${show(value)} ${sentence}${options.length > 0 ? `: there are ${known}${rest}` : ''}.`,
  };
}

/** Converts as Python's int() does: cut towards zero, of texts only whole ones; undefined for all else. */
export function toInt(value: Json): number | bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : undefined;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string' || !/^\s*[+-]?\d+(_\d+)*\s*$/.test(value)) return undefined;
  const exact = BigInt(value.trim().replaceAll('_', '').replace('+', ''));
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
}

/** Converts as Python's float() does. NaN passes all limits there; here it is no number. */
export function toFloat(value: Json): number | undefined {
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return Number.isNaN(value) ? undefined : value;
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)) return undefined;
  return Number(value);
}

function show(value: Json): string {
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
