/** The command line around the questions, and the whole program once. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../lib/paths.mjs';
import { inspect, QUESTIONS } from './inspect';
import type { Question } from './question';

describe('inspect', () => {
  it('lists the questions, alone and with --help', async () => {
    const { code, output } = await inspect([]);
    expect(code).toBe(0);
    for (const name of Object.keys(QUESTIONS)) expect(output).toContain(`\n${name}: `);
    expect(await inspect(['--help'])).toEqual({ code, output });
  });

  it.each(Object.entries(QUESTIONS))('%s lists its options, and its examples have answers', async (name, question) => {
    const { output } = await inspect([name, '--help']);
    for (const option of Object.keys(question.options)) expect(output).toContain(`  --${option}`);
    for (const example of question.examples) {
      const args = [...example.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
      const outcome = await inspect(args);
      expect(outcome.problem).toBeUndefined();
      if ((question as Question).answersText) continue;
      expect(() => JSON.parse(outcome.output ?? '') as unknown).not.toThrow();
      expect(outcome.output).not.toContain('\n');
    }
  });

  it.each([
    ['colours', /^There is no question "colours"; there are noise, brownian/],
    ['toString', /^There is no question/],
    ['noise --foo 1', /^There is no option --foo here; there are --rng/],
    ['noise --seed', /^--seed needs a value\.$/],
    ['noise --seed --rng cpu', /^--seed needs a value\.$/],
    ['noise --seed= --rng cpu', /^--seed needs a value\.$/],
    ['noise --seed 1 --seed=2', /^--seed is given twice\.$/],
    ['noise --rng nv 7', /^"7" belongs to no option\.$/],
    ['tokens --rows=1 a', /^--rows takes no value\.$/],
  ])('refuses %s', async (line, problem) => {
    expect(await inspect(line.split(' '))).toEqual({ code: 2, problem: expect.stringMatching(problem) });
  });

  it('takes --option=value as well, and after -- anything as text', async () => {
    const joined = await inspect(['noise', '--rng=nv', '--seed=42', '--shape=2']);
    expect(joined).toEqual(await inspect(['noise', '--rng', 'nv', '--seed', '42', '--shape', '2']));
    const { output } = await inspect(['prompt', '--emphasis', 'none', '--', '--steps']);
    expect(output).toBe('{"schedule":[{"until":20,"segments":[{"text":"--steps","weight":1}]}]}');
  });
});

describe('node tools/inspect.mjs', () => {
  const start = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['tools/inspect.mjs', ...args], { cwd: ROOT });

  it('prints the JSON and nothing else', { timeout: 60_000 }, async () => {
    expect((await start('tokens', 'a photo')).stdout).toBe('{"chunks":[[320,1125]]}\n');
  });

  it('ends with 2 and one sentence on stderr for a wrong question', { timeout: 60_000 }, async () => {
    const wrong = start('sigmas', '--steps', 'ten');
    await expect(wrong).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: '--steps must be a whole number from 1 to 1000, not "ten".\n',
    });
  });
});
