/** What a question is: its options, and how it is answered. One a file; the table is in inspect.ts. */
import type { Arguments, OptionSpec } from './arguments';

export interface Question {
  summary: string;
  /** What is typed after `npm run -s inspect --`. */
  examples: readonly string[];
  options: Readonly<Record<string, OptionSpec>>;
  /** The answer is a text that others read, not JSON. */
  answersText?: true;
  /** An object becomes one line of JSON; numbers in it must be finite. */
  ask(args: Arguments): object | string | Promise<object | string>;
}
