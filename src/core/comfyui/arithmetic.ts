/** Nodes that compute a number: expressions with + − * / // % ** and brackets, or one operation by name. */
import { roundHalfEven } from '../math';
import type { Literal } from './graph';
import type { NodeView } from './switches';

type Variables = (name: string) => number | undefined;

const FUNCTIONS: Readonly<Record<string, (...values: readonly number[]) => number>> = {
  min: Math.min,
  max: Math.max,
  round: (value, places = 0) => roundHalfEven(value * 10 ** places) / 10 ** places,
  floor: Math.floor,
  ceil: Math.ceil,
  int: Math.trunc,
  float: (value) => value,
  abs: Math.abs,
  sqrt: Math.sqrt,
};

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '%': (a, b) => a - b * Math.floor(a / b),
  '**': (a, b) => a ** b,
};
const LEVELS: readonly (readonly string[])[] = [['+', '-'], ['*', '/', '//', '%'], ['**']];
const MOST_LETTERS = 500;

/** Undefined where it is no such expression. */
export function evaluate(expression: string, variables: Variables): number | undefined {
  if (expression.length > MOST_LETTERS) return undefined;
  const tokens = expression.match(/\d+\.?\d*(?:e[+-]?\d+)?|\.\d+|[A-Za-z_][\w.]*|\/\/|\*\*|[-+*/%(),]|\S/g) ?? [];
  let at = 0;
  const read = (level: number): number => {
    if (level === LEVELS.length) return readValue();
    let left = read(level + 1);
    while (LEVELS[level].includes(tokens[at])) {
      const operation = OPERATIONS[tokens[at++]];
      left = operation(left, read(level === 2 ? 2 : level + 1));
    }
    return left;
  };
  const readValue = (): number => {
    const token = tokens[at++] as string | undefined;
    // below powers, as in Python: -2**2 is -4
    if (token === '-') return -read(2);
    if (token === '+') return read(2);
    if (token === '(') return closed(read(0));
    if (token !== undefined && /^[\d.]/.test(token)) return Number(token);
    if (token !== undefined && tokens[at] === '(' && Object.hasOwn(FUNCTIONS, token))
      return FUNCTIONS[token](...readList());
    return (token === undefined ? undefined : variables(token)) ?? NaN;
  };
  const closed = (value: number): number => (tokens[at++] === ')' ? value : NaN);
  const readList = (): number[] => {
    at++;
    const values = [read(0)];
    while (tokens[at] === ',') {
      at++;
      values.push(read(0));
    }
    return [...values.slice(0, -1), closed(values[values.length - 1])];
  };
  const value = read(0);
  return at === tokens.length && Number.isFinite(value) ? value : undefined;
}

const WORDS: Readonly<Record<string, string>> = {
  add: '+',
  addition: '+',
  sub: '-',
  subtract: '-',
  subtraction: '-',
  mul: '*',
  multiply: '*',
  multiplication: '*',
  div: '/',
  divide: '/',
  division: '/',
  mod: '%',
  modulo: '%',
  pow: '**',
  power: '**',
};

const number = (value: Literal | undefined): number | undefined => {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
};

const byExpression =
  (name: string) =>
  ({ get }: NodeView): number | undefined => {
    const text = get(name);
    return typeof text === 'string' ? evaluate(text, (variable) => number(get(variable))) : undefined;
  };

const byWord =
  (operation: string, a: string, b: string, isWhole = false) =>
  ({ get }: NodeView): number | undefined => {
    const word = String(get(operation)).toLowerCase();
    const sign = WORDS[word] ?? word;
    const [left, right] = [number(get(a)), number(get(b))];
    if (left === undefined || right === undefined || !Object.hasOwn(OPERATIONS, sign)) return undefined;
    const value = OPERATIONS[sign](left, right);
    return isWhole ? Math.trunc(value) : value;
  };

/** @see cubiq/ComfyUI_essentials; pythongosssss/ComfyUI-Custom-Scripts; Easy-Use; evanspearman/ComfyMath; was-node-suite-comfyui */
export const MATH_NODES: Readonly<Record<string, (node: NodeView) => number | undefined>> = {
  'SimpleMath+': byExpression('value'),
  'SimpleMathDual+': byExpression('value_1'),
  'MathExpression|pysssss': byExpression('expression'),
  ComfyMathExpression: byExpression('expression'),
  'easy mathInt': byWord('operation', 'a', 'b', true),
  'easy mathFloat': byWord('operation', 'a', 'b'),
  'Math Expression': byExpression('expression'),
  CM_IntBinaryOperation: byWord('op', 'a', 'b', true),
  CM_FloatBinaryOperation: byWord('op', 'a', 'b'),
  'Number Operation': byWord('operation', 'number_a', 'number_b'),
  'CR Math Operation': byWord('operation', 'a', 'b'),
  JWIntegerMul: ({ get }) => byWord('op', 'a', 'b')({ get: (name) => (name === 'op' ? '*' : get(name)), names: [] }),
  JWIntegerAdd: ({ get }) => byWord('op', 'a', 'b')({ get: (name) => (name === 'op' ? '+' : get(name)), names: [] }),
};
