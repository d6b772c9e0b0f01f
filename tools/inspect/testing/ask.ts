/** Asks a question as the command line does. */
import { inspect } from '../inspect';

/** @param text stands after the options, with spaces and all */
export function run(line: string, text?: string) {
  return inspect([...line.split(' '), ...(text === undefined ? [] : ['--', text])]);
}

/** @throws Error with the problem, where there is no answer */
export async function ask<Answer>(line: string, text?: string): Promise<Answer> {
  const { code, output, problem } = await run(line, text);
  if (code !== 0 || output === undefined || problem !== undefined) throw new Error(`${code}: ${problem}`);
  return JSON.parse(output) as Answer;
}
