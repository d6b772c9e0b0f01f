/** Prompt editing and alternation: which text guides which model call. @see A1111 modules/prompt_parser.py */
import { findConstructs, type Construct, type Constructs, type Span } from './schedule-constructs';

export interface TimelineEntry {
  /** The last step of this text, counted from 1; the first entry with `until` ≥ call is the one in force. */
  until: number;
  text: string;
}

export interface TimelineOptions {
  /** Model calls that A1111 counts for the pass: steps, or twice the steps for samplers of second order. */
  calls: number;
  /** Calls of the first pass, in the second pass of hires fix: after them its own numbers begin. */
  firstPassCalls?: number;
  /** Infotext "Old prompt editing timelines": numbers below 1 are fractions, all others calls of the first pass. */
  oldTimelines?: boolean;
}

/**
 * In order of `until`, the last of which is the number of calls. Texts of neighbours may be equal: A1111 encodes all of
 * them together, which its emphasis "Original" depends on.
 */
export function parseSchedule(text: string, options: TimelineOptions): TimelineEntry[] {
  const scale = timeScale(options);
  const constructs = findConstructs(text);
  if (!constructs || constructs.size === 0) return [{ until: scale.calls, text }];
  const ends = new Set([scale.calls]);
  for (const construct of constructs.values()) {
    if (construct.kind === 'alternate') for (let step = 1; step <= scale.calls; step++) ends.add(step);
    else if (scale.toStep(construct.when) >= 1) ends.add(scale.toStep(construct.when));
  }
  const next = nextConstructs(text, constructs);
  return [...ends]
    .sort((a, b) => a - b)
    .map((until) => ({ until, text: textAt(until, { text, constructs, next, toStep: scale.toStep }) }));
}

/**
 * The entry of a model call, counted from 0. The comparison is A1111's: the first text lasts one call longer than it says.
 * Beyond the schedule (samplers that choose their own steps) A1111 falls back to the first.
 */
export function entryAt(schedule: readonly TimelineEntry[], call: number): TimelineEntry {
  return schedule.find(({ until }) => until >= call) ?? schedule[0];
}

interface TimeScale {
  calls: number;
  /** What a `when` means, at most `calls`; below 1: the edit has happened before the first call. */
  toStep(when: string): number;
}

function timeScale({ calls: own, firstPassCalls, oldTimelines = false }: TimelineOptions): TimeScale {
  const calls = oldTimelines ? (firstPassCalls ?? own) : own;
  const isSecond = firstPassCalls !== undefined && !oldTimelines;
  const before = isSecond ? { calls: firstPassCalls, fraction: 1 } : { calls: 0, fraction: 0 };
  return {
    calls,
    toStep(when) {
      const value = Number(when);
      const isFraction = oldTimelines ? value < 1 : when.includes('.');
      const step = isFraction ? (value - before.fraction) * calls : value - before.calls;
      return Math.min(calls, Math.trunc(step));
    },
  };
}

interface Walk {
  text: string;
  constructs: Constructs;
  /** For each place the first construct from there on. */
  next: Uint32Array;
  toStep: TimeScale['toStep'];
}

function nextConstructs(text: string, constructs: Constructs): Uint32Array {
  const next = new Uint32Array(text.length + 1).fill(text.length);
  for (let i = text.length - 1; i >= 0; i--) next[i] = constructs.has(i) ? i : next[i + 1];
  return next;
}

/** The text of one step; branches are walked with a stack of our own, since they nest as deep as anyone writes them. */
function textAt(step: number, { text, constructs, next, toStep }: Walk): string {
  let out = '';
  const rest: Span[] = [{ start: 0, end: text.length }];
  for (let span = rest.pop(); span; span = rest.pop()) {
    const at = Math.min(next[span.start], span.end);
    out += text.slice(span.start, at);
    const construct = at < span.end ? constructs.get(at) : undefined;
    if (!construct) continue;
    rest.push({ start: construct.end, end: span.end });
    const branch = branchAt(step, construct, toStep);
    if (branch) rest.push(branch);
  }
  return out;
}

function branchAt(step: number, construct: Construct, toStep: TimeScale['toStep']): Span | undefined {
  if (construct.kind === 'alternate') return construct.options[(step - 1) % construct.options.length];
  return step <= toStep(construct.when) ? construct.from : construct.to;
}
