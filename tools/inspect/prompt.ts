/** `prompt`: which text with which weights guides which step. */
import {
  EMPHASIS_MODES,
  isBreak,
  isEmphasisMode,
  parseEmphasis,
  planPrompt,
  type Dialect,
  type EmphasisMode,
  type TimelineEntry,
  type Segment,
} from '../../src/core/prompt';
import { UsageError, type Arguments, type OptionSpec } from './arguments';
import { DIALECT, readDialect, readSampler, SAMPLER } from './names';
import type { Question } from './question';

const MAX_STEPS = 1000;
const DEFAULT_STEPS = 20;

export const EMPHASIS: OptionSpec = {
  value: Object.keys(EMPHASIS_MODES).join('|'),
  help: "A1111's mode; with none, brackets are text (default: original)",
};

export const PROMPT: Question = {
  summary: 'a prompt as it is read: {"schedule":[{"until":20,"segments":[{"text":"a ","weight":1}]}]}',
  examples: ['prompt "a (cat:1.2) [dog|fox:0.5]" --steps 20', 'prompt "a cat AND a dog :0.5 <lora:x:0.8>"'],
  options: {
    steps: { value: 'n', help: `of the run, 1 to ${MAX_STEPS} (default: ${DEFAULT_STEPS})` },
    sampler: { ...SAMPLER, help: 'some count each step twice' },
    dialect: DIALECT,
    emphasis: EMPHASIS,
    negative: { help: 'read it as the negative prompt: without AND and networks' },
    'first-steps': { value: 'n', help: 'read it for the second pass of hires fix, after so many steps of the first' },
    'old-timelines': { help: "A1111's old prompt editing timelines" },
  },
  ask(args) {
    const dialect = readDialect(args);
    const emphasis = readEmphasis(args);
    const calls = readSampler(args)?.entry.countsDouble ? 2 : 1;
    const first = readSteps(args, 'first-steps');
    const { parts, networks } = planPrompt(args.text(), {
      dialect,
      calls: calls * (readSteps(args, 'steps') ?? DEFAULT_STEPS),
      firstPassCalls: first === undefined ? undefined : calls * first,
      oldTimelines: args.has('old-timelines'),
      isNegative: args.has('negative'),
    });
    const read = parts.map(({ weight, schedule }) => ({ weight, schedule: toAnswer(schedule, dialect, emphasis) }));
    const isPlain = read.length === 1 && read[0].weight === 1;
    return {
      schedule: read[0].schedule,
      ...(isPlain ? {} : { parts: read }),
      ...(networks.length > 0 ? { networks } : {}),
    };
  },
};

export function readEmphasis(args: Arguments): EmphasisMode {
  const word = args.word('emphasis') ?? 'original';
  const id = word.toLowerCase().replace(/[ -]/g, '_');
  if (isEmphasisMode(id)) return id;
  throw new UsageError(`--emphasis must be one of ${Object.keys(EMPHASIS_MODES).join(', ')}, not "${word}".`);
}

/** The segments of one text; in the mode none it is all one. */
export function segmentsOf(text: string, dialect: Dialect, emphasis: EmphasisMode): (Segment | { break: true })[] {
  if (dialect === 'comfyui') return parseEmphasis(text, dialect);
  if (emphasis === 'none') return [{ text, weight: 1 }];
  return parseEmphasis(text, dialect).map((segment) => (isBreak(segment) ? { break: true } : segment));
}

function toAnswer(schedule: readonly TimelineEntry[], dialect: Dialect, emphasis: EmphasisMode) {
  return schedule.map(({ until, text }) => ({ until, segments: segmentsOf(text, dialect, emphasis) }));
}

function readSteps(args: Arguments, name: string): number | undefined {
  return args.number(name, { min: 1, max: MAX_STEPS, whole: true });
}
