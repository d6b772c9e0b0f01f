/**
 * A pickle machine that runs nothing: lists, dictionaries and numbers are made, and what a pickle calls is given to a host that
 * knows a few names. Each instruction takes bounded memory, so that the whole is bounded by the pickle's length.
 *
 * @see CPython Lib/pickletools.py, protocols 0 to 5
 */
import { PickleError } from './pickle-error';
import { PickleReader } from './pickle-reader';
import { Global, Opaque, Tuple, type PickleHost } from './pickle-values';

const MARK = Symbol('mark');

/** An SDXL checkpoint's pickle has about 10⁵; each makes at most one small object. */
const MAX_INSTRUCTIONS = 1_000_000;

type Instruction = (machine: PickleMachine) => void;

/** @returns the value, and where the pickle ends @throws PickleError, and what the host throws */
export function unpickle(bytes: Uint8Array, start: number, host: PickleHost): { value: unknown; end: number } {
  const machine = new PickleMachine(new PickleReader(bytes, start), host);
  for (let count = 0; count < MAX_INSTRUCTIONS; count++) {
    const code = machine.reader.byte();
    if (code === STOP) return { value: machine.pop(), end: machine.reader.position };
    const instruction = INSTRUCTIONS.get(code);
    if (!instruction) throw new PickleError(`instruction ${code} at byte ${machine.reader.position - 1} is not known`);
    instruction(machine);
  }
  throw new PickleError(`it has more than ${MAX_INSTRUCTIONS} instructions`);
}

class PickleMachine {
  readonly #stack: unknown[] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(
    readonly reader: PickleReader,
    readonly host: PickleHost,
  ) {}

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    if (this.#stack.length === 0 || this.top() === MARK) throw new PickleError('its stack runs empty');
    return this.#stack.pop();
  }

  top(): unknown {
    return this.#stack.at(-1);
  }

  mark(): void {
    this.#stack.push(MARK);
  }

  dropMark(): void {
    if (this.top() === MARK) this.#stack.pop();
    else this.pop();
  }

  /** Takes off the stack all since the last mark. */
  popMarked(): unknown[] {
    const at = this.#stack.lastIndexOf(MARK);
    if (at < 0) throw new PickleError('a mark is missing');
    const values = this.#stack.splice(at);
    values.shift();
    return values;
  }

  remember(index: number): void {
    if (this.#stack.length === 0) throw new PickleError('its stack runs empty');
    this.#memo.set(index, this.top());
  }

  rememberNext(): void {
    this.remember(this.#memo.size);
  }

  recall(index: number): void {
    if (!this.#memo.has(index)) throw new PickleError(`value ${index} is recalled before it is there`);
    this.push(this.#memo.get(index));
  }

  list(): unknown[] {
    const list = this.top();
    if (Array.isArray(list)) return list as unknown[];
    // append() on an object of a class that is not known: its items are thrown away with it
    if (list instanceof Opaque) return [];
    throw new PickleError('it appends to something that is no list');
  }

  setItems(pairs: readonly unknown[]): void {
    const dictionary = this.top();
    if (dictionary instanceof Opaque) return;
    if (!(dictionary instanceof Map) || pairs.length % 2 !== 0)
      throw new PickleError('it sets items of something that is no dictionary');
    for (let i = 0; i < pairs.length; i += 2) dictionary.set(pairs[i], pairs[i + 1]);
  }

  /** Takes the parameters of a module of torch; what anything else is made of is thrown away. */
  setState(state: unknown): void {
    const made = this.top();
    if (!(made instanceof Map) || !(state instanceof Map)) return;
    for (const field of ['_parameters', '_buffers']) {
      const held: unknown = state.get(field);
      if (held instanceof Map) for (const [name, value] of held as Map<unknown, unknown>) made.set(name, value);
    }
  }

  call(callee: unknown, args: unknown): void {
    if (!(callee instanceof Global)) throw new PickleError('it calls something that is no class');
    this.push(this.host.call(callee, args instanceof Tuple ? args.items : []));
  }

  global(module: unknown, name: unknown): void {
    if (typeof module !== 'string' || typeof name !== 'string') throw new PickleError('a name is no text');
    this.push(this.host.global(new Global(module, name)));
  }
}

const STOP = 0x2e;

/** Instructions by the letter, or the number, that pickletools lists. */
const INSTRUCTIONS: ReadonlyMap<number, Instruction> = new Map<number, Instruction>(
  (
    [
      ['(', (m) => m.mark()],
      ['0', (m) => m.dropMark()],
      ['1', (m) => void m.popMarked()],
      ['2', (m) => m.push(m.top())],
      ['N', (m) => m.push(null)],
      ['\x88', (m) => m.push(true)],
      ['\x89', (m) => m.push(false)],
      ['I', (m) => m.push(m.reader.decimalInteger())],
      ['J', (m) => m.push(m.reader.int32())],
      ['K', (m) => m.push(m.reader.byte())],
      ['M', (m) => m.push(m.reader.uint16())],
      ['L', (m) => m.push(m.reader.decimalInteger())],
      ['\x8a', (m) => m.push(m.reader.long(m.reader.byte()))],
      ['\x8b', (m) => m.push(m.reader.long(m.reader.uint32()))],
      ['F', (m) => m.push(m.reader.decimal())],
      ['G', (m) => m.push(m.reader.float64())],
      ['S', (m) => m.push(m.reader.quotedLine())],
      ['V', (m) => m.push(m.reader.line())],
      ['T', (m) => m.push(m.reader.text(m.reader.uint32()))],
      ['U', (m) => m.push(m.reader.text(m.reader.byte()))],
      ['X', (m) => m.push(m.reader.text(m.reader.uint32()))],
      ['\x8c', (m) => m.push(m.reader.text(m.reader.byte()))],
      ['\x8d', (m) => m.push(m.reader.text(m.reader.uint64()))],
      ['B', (m) => m.push(m.reader.bytes(m.reader.uint32()))],
      ['C', (m) => m.push(m.reader.bytes(m.reader.byte()))],
      ['\x8e', (m) => m.push(m.reader.bytes(m.reader.uint64()))],
      ['\x96', (m) => m.push(m.reader.bytes(m.reader.uint64()))],
      [']', (m) => m.push([])],
      ['l', (m) => m.push(m.popMarked())],
      ['a', (m) => append(m, [m.pop()])],
      ['e', (m) => append(m, m.popMarked())],
      [')', (m) => m.push(new Tuple([]))],
      ['t', (m) => m.push(new Tuple(m.popMarked()))],
      ['\x85', (m) => m.push(new Tuple([m.pop()]))],
      ['\x86', (m) => m.push(new Tuple([m.pop(), m.pop()].reverse()))],
      ['\x87', (m) => m.push(new Tuple([m.pop(), m.pop(), m.pop()].reverse()))],
      ['}', (m) => m.push(new Map())],
      ['d', (m) => dictionary(m, m.popMarked())],
      ['s', (m) => m.setItems([m.pop(), m.pop()].reverse())],
      ['u', (m) => m.setItems(m.popMarked())],
      ['\x8f', (m) => m.push(new Opaque(SET))],
      ['\x90', (m) => void m.popMarked()],
      ['\x91', (m) => (m.popMarked(), m.push(new Opaque(SET)))],
      ['g', (m) => m.recall(m.reader.decimalInteger())],
      ['h', (m) => m.recall(m.reader.byte())],
      ['j', (m) => m.recall(m.reader.uint32())],
      ['p', (m) => m.remember(m.reader.decimalInteger())],
      ['q', (m) => m.remember(m.reader.byte())],
      ['r', (m) => m.remember(m.reader.uint32())],
      ['\x94', (m) => m.rememberNext()],
      ['c', (m) => m.global(m.reader.line(), m.reader.line())],
      ['\x93', (m) => stackGlobal(m)],
      ['R', (m) => callWith(m, m.pop())],
      ['\x81', (m) => callWith(m, m.pop())],
      ['\x92', (m) => (m.pop(), callWith(m, m.pop()))],
      ['i', (m) => callNamed(m)],
      ['o', (m) => callMarked(m)],
      ['b', (m) => m.setState(m.pop())],
      ['P', (m) => m.push(m.host.persistent(m.reader.line()))],
      ['Q', (m) => m.push(m.host.persistent(m.pop()))],
      ['\x80', (m) => protocol(m.reader.byte())],
      ['\x95', (m) => void m.reader.uint64()],
    ] as [string, Instruction][]
  ).map(([letter, instruction]) => [letter.charCodeAt(0), instruction]),
);

const SET = new Global('builtins', 'set');

function append(m: PickleMachine, values: readonly unknown[]): void {
  const list = m.list();
  for (const value of values) list.push(value);
}

function dictionary(m: PickleMachine, pairs: readonly unknown[]): void {
  m.push(new Map());
  m.setItems(pairs);
}

function stackGlobal(m: PickleMachine): void {
  const name = m.pop();
  m.global(m.pop(), name);
}

function callWith(m: PickleMachine, args: unknown): void {
  m.call(m.pop(), args);
}

function callNamed(m: PickleMachine): void {
  m.global(m.reader.line(), m.reader.line());
  const callee = m.pop();
  m.call(callee, new Tuple(m.popMarked()));
}

function callMarked(m: PickleMachine): void {
  const [callee, ...args] = m.popMarked();
  m.call(callee, new Tuple(args));
}

function protocol(version: number): void {
  if (version > 5) throw new PickleError(`protocol ${version} is not known`);
}
