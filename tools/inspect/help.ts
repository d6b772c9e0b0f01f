/** What `npm run -s inspect` says about itself. */
import type { Question } from './question';

const COMMAND = 'npm run -s inspect --';

export function helpForAll(questions: Readonly<Record<string, Question>>): string {
  const blocks = Object.entries(questions).map(
    ([name, { summary, examples }]) => `${name}: ${summary}\n${examplesOf(examples)}`,
  );
  return `${COMMAND} <question> [options]      one question, one line of JSON\n\n${blocks.join('\n\n')}\n
${COMMAND} <question> --help lists its options.`;
}

export function helpFor(name: string, { summary, examples, options }: Question): string {
  const titles = Object.entries(options).map(([option, { value }]) => `--${option}${value ? ` <${value}>` : ''}`);
  const width = Math.max(...titles.map((title) => title.length));
  const lines = Object.values(options).map(({ help }, i) => `  ${titles[i].padEnd(width)}  ${help}`);
  return `${name}: ${summary}\n${examplesOf(examples)}\n\n${lines.join('\n')}`;
}

function examplesOf(examples: readonly string[]): string {
  return examples.map((example) => `  ${COMMAND} ${example}`).join('\n');
}
