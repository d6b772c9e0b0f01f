/** The questions of `npm run -s inspect`, and how they are answered: one JSON object each, or a text. */
import { AppError } from '../../src/core/errors';
import { ADAPTER } from './adapter';
import { Arguments, UsageError } from './arguments';
import { BROWNIAN } from './brownian';
import { CHECKPOINT } from './checkpoint';
import { COMFYUI } from './comfyui';
import { DELTA } from './delta';
import { helpFor, helpForAll } from './help';
import { HINT } from './hint';
import { INFOTEXT } from './infotext';
import { LINK, UNLINK } from './link';
import { MEMORY } from './memory';
import { NOISE } from './noise';
import { PROMPT } from './prompt';
import type { Question } from './question';
import { RESIZE } from './resize';
import { SAMPLE } from './sample';
import { SIGMAS } from './sigmas';
import { STARTER } from './starter';
import { TOKENS } from './tokens';
import { UPSCALER } from './upscaler';
import { WORKFLOW } from './workflow';
import { WRITE_INFOTEXT } from './write-infotext';

export const QUESTIONS = {
  noise: NOISE,
  brownian: BROWNIAN,
  sigmas: SIGMAS,
  prompt: PROMPT,
  tokens: TOKENS,
  starter: STARTER,
  sample: SAMPLE,
  checkpoint: CHECKPOINT,
  upscaler: UPSCALER,
  adapter: ADAPTER,
  delta: DELTA,
  memory: MEMORY,
  infotext: INFOTEXT,
  'write-infotext': WRITE_INFOTEXT,
  link: LINK,
  unlink: UNLINK,
  workflow: WORKFLOW,
  comfyui: COMFYUI,
  resize: RESIZE,
  hint: HINT,
} as const satisfies Record<string, Question>;

export interface Outcome {
  /** 2 where what was typed is wrong, 1 where the answer failed. */
  code: 0 | 1 | 2;
  /** Text for stdout: the answer, or help. */
  output?: string;
  /** Text for stderr: one sentence. */
  problem?: string;
}

/** @param args what was typed after `npm run -s inspect --` */
export async function inspect(args: readonly string[]): Promise<Outcome> {
  const [name, ...rest] = args;
  if (name === undefined || isHelp(name)) return { code: 0, output: helpForAll(QUESTIONS) };
  const question = Object.hasOwn(QUESTIONS, name) ? QUESTIONS[name as keyof typeof QUESTIONS] : undefined;
  if (!question)
    return { code: 2, problem: `There is no question "${name}"; there are ${Object.keys(QUESTIONS).join(', ')}.` };
  if (rest.some(isHelp)) return { code: 0, output: helpFor(name, question) };
  try {
    const answer = await (question as Question).ask(new Arguments(rest, question.options));
    return { code: 0, output: typeof answer === 'string' ? answer : toJson(answer) };
  } catch (error) {
    const isUsage = error instanceof UsageError || (error instanceof AppError && error.code === 'bad-request');
    return { code: isUsage ? 2 : 1, problem: error instanceof Error ? error.message : String(error) };
  }
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

/** @throws RangeError for numbers that JSON would turn into null */
function toJson(answer: object): string {
  return JSON.stringify(answer, (key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value))
      throw new RangeError(`The answer has ${value} at "${key}": these values leave the range of numbers.`);
    return value;
  });
}
