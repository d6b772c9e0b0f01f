/** Where a prompt has `[from:to:when]` and `[a|b]`: brackets matched in one pass, without recursion or backtracking. */
import { SPACE } from './characters';

/** A stretch of the text. */
export interface Span {
  start: number;
  end: number;
}

export type Construct = Span &
  (
    | {
        kind: 'edit';
        from: Span | undefined;
        to: Span;
        /** As written: the point decides what it means. */ when: string;
      }
    | { kind: 'alternate'; options: Span[] }
  );

/** Constructs by the place of their opening bracket; those within another's branches included. */
export type Constructs = Map<number, Construct>;

/** An open bracket, and what has been seen since. */
interface Frame {
  start: number;
  bracket: string;
  /** Places of `:` and `|` directly inside. */
  colons: number[];
  pipes: number[];
}

const NUMBER = new RegExp(`^${SPACE}*([+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?)${SPACE}*$`);
/** A number of more characters is text; bounds the test. */
const NUMBER_LENGTH = 400;

/**
 * Grammar: inside a construct every bracket is part of a pair, ( ) holds at most one colon, `|` occurs in alternations
 * alone, and `\x` is x without its meaning. A bracket or colon outside of that is text.
 *
 * @returns undefined where a `|` belongs to no alternation, or a backslash has nothing after it: A1111's parser gives up
 *   on such a text, and takes it as it is
 * @see A1111 modules/prompt_parser.py. There, whether an edit right before a stray bracket counts is up to Python's hash
 *   seed (lark 1.1.2 picks among equal readings by set order); here it always counts.
 */
export function findConstructs(text: string): Constructs | undefined {
  const constructs: Constructs = new Map();
  let frames: Frame[] = [];
  for (let i = 0; i < text.length; i++) {
    const frame = frames.at(-1);
    switch (text.charAt(i)) {
      case '\\':
        i++;
        if (i === text.length || text.charAt(i) === '\n') return undefined;
        break;
      case '(':
      case '[':
        frames.push({ start: i, bracket: text.charAt(i), colons: [], pipes: [] });
        break;
      case ':':
        frame?.colons.push(i);
        break;
      case '|':
        if (!frame) return undefined;
        frame.pipes.push(i);
        break;
      case ')':
      case ']': {
        const pair = frame && closePair(text, frame, i, constructs);
        if (pair) frames.pop();
        else if (frames.some(hasPipe)) return undefined;
        else frames = []; // they hold a stray bracket now, so that none of them can be part of a pair
      }
    }
  }
  return frames.some(hasPipe) ? undefined : constructs;
}

const hasPipe = ({ pipes }: Frame): boolean => pipes.length > 0;

/** Whether the bracket at `end` closes the frame as the grammar allows; notes the construct where it is one. */
function closePair(text: string, frame: Frame, end: number, constructs: Constructs): boolean {
  const { start, bracket, colons, pipes } = frame;
  if (text.charAt(end) === ')') return bracket === '(' && pipes.length === 0 && colons.length <= 1;
  if (bracket !== '[' || (colons.length > 0 && pipes.length > 0)) return false;
  if (pipes.length > 0) {
    const cuts = [start, ...pipes, end];
    const options = cuts.slice(1).map((cut, i) => ({ start: cuts[i] + 1, end: cut }));
    constructs.set(start, { kind: 'alternate', start, end: end + 1, options });
    return true;
  }
  return colons.length === 0 || closeEdit(text, frame, end, constructs);
}

function closeEdit(text: string, { start, colons }: Frame, end: number, constructs: Constructs): boolean {
  const last = colons[colons.length - 1];
  if (colons.length > 2 || end - last > NUMBER_LENGTH) return false;
  const when = NUMBER.exec(text.slice(last + 1, end))?.[1];
  if (when === undefined) return false;
  const from = colons.length === 2 ? { start: start + 1, end: colons[0] } : undefined;
  const to = { start: (from ? colons[0] : start) + 1, end: last };
  constructs.set(start, { kind: 'edit', start, end: end + 1, from, to, when });
  return true;
}
