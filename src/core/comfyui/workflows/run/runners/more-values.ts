/** Numbers and switches of packs, and those of ComfyUI that choose between what is joined to them. */
import type { Json } from '../../document';
import type { Place, Runners } from '../graph-walk';
import type { Value } from '../values';
import { literal } from './values';

const same = (name: string) => (at: Place) => literal(at.text(name));

export const MORE_VALUE_RUNNERS: Runners = {
  text_of_prompt: same('prompt'),
  text_of_positive: same('positive'),
  text_of_negative: same('negative'),
  number_as_text: (at) => literal(String(at.whole('int_'))),
  literal_int: (at) => literal(at.whole('int')),
  literal_float: (at) => literal(at.number('float')),
  literal_sampler: same('sampler_name'),
  literal_scheduler: same('scheduler'),
  literal_checkpoint: same('ckpt_name'),
  same_number: (at) => literal(at.number('a')),
  cut_number: (at) => literal(Math.trunc(at.number('a'))),
  seed_in_four: (at) => {
    const [seed] = literal(at.whole('seed'));
    return [seed, seed, ...literal(at.number('seed')), seed];
  },
  reckon: (at) => literal(reckoned(at, false)),
  reckon_whole: (at) => literal(reckoned(at, true)),
  /** @see ComfyUI comfy_extras/nodes_math.py */
  convert_number: (at) => {
    const value = numberOf(at, 'value');
    return [...literal(value), ...literal(Math.trunc(value))];
  },
  /** @see ComfyUI comfy_extras/nodes_logic.py: where a side has nothing, the other */
  soft_switch: (at) => {
    const names = at.isOn('switch') ? ['on_true', 'on_false'] : ['on_false', 'on_true'];
    return [at.value(names[0]) ?? at.value(names[1]) ?? nothing(at)];
  },
  choose_text: (at) => [...literal(at.text('choice')), ...literal(at.number('index'))],
  /** @see Impact Pack util_nodes.py GeneralSwitch */
  pick_input: (at) => {
    const select = at.number('select');
    return [at.value(`input${select}`) ?? nothing(at), ...literal(`input${select}`), ...literal(select)];
  },
  pick_of_two: (at) => {
    const number = String(at.number('Input'));
    const name = Object.keys(at.node.inputs).find((one) => one !== 'Input' && one.endsWith(number));
    return [(name === undefined ? undefined : at.value(name)) ?? nothing(at), ...literal('')];
  },
  branch: (at) => [at.value(at.isOn('cond') ? 'tt_value' : 'ff_value') ?? nothing(at)],
  if_else: (at) => [at.value(at.isOn('boolean') ? 'on_true' : 'on_false') ?? nothing(at)],
  compare: (at) => literal(compared(at)),
  show_any_else: (at) => [at.value('anything')],
  show_text_of_input: (at) => [at.value('input')],
};

function nothing(at: Place): Value {
  throw at.stop('nothing is joined to the side that is chosen.');
}

function numberOf(at: Place, name: string): number {
  const value = at.literal(name);
  const number = typeof value === 'string' && value.trim() === '' ? NaN : Number(value);
  if (Number.isFinite(number)) return number;
  throw at.stop(`${name} is no number.`);
}

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Mod: (a, b) => a - b * Math.floor(a / b),
  Pow: (a, b) => a ** b,
  FloorDiv: (a, b) => Math.floor(a / b),
  Max: Math.max,
  Min: Math.min,
};

/** Whole numbers divide as Python's `//`. */
function reckoned(at: Place, isWhole: boolean): number {
  const [said, a, b] = [at.text('op'), at.number('a'), at.number('b')];
  const op = isWhole && said === 'Div' ? 'FloorDiv' : said;
  if (!Object.hasOwn(OPERATIONS, op)) throw at.stop(`the operation ${said} does not run here.`);
  const value = OPERATIONS[op](a, b);
  if (!Number.isFinite(value)) throw at.stop(`${said} of ${a} and ${b} is no number.`);
  if (isWhole && !Number.isSafeInteger(value))
    throw at.stop(`${value} has more digits than can be reckoned with here.`);
  return value;
}

/** @see Impact Pack logics.py ImpactCompare */
function compared(at: Place): boolean {
  const cmp = at.text('cmp');
  if (cmp === 'tt' || cmp === 'ff') return cmp === 'tt';
  const [a, b] = [at.literal('a'), at.literal('b')];
  switch (cmp) {
    case 'a = b':
      return a === b;
    case 'a <> b':
      return a !== b;
    case 'a > b':
      return below(b, a);
    case 'a < b':
      return below(a, b);
    case 'a >= b':
      return !below(a, b);
    default:
      return !below(b, a);
  }
}

const below = (a: Json, b: Json): boolean =>
  typeof a === 'string' && typeof b === 'string' ? a < b : Number(a) < Number(b);
