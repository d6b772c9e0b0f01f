/** The last line of `npm test` tells the truth about broken files, missing reports and skipped tests. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { countsLine, passedAtSecondTry, playwrightCounts, sumCounts, vitestCounts } from './test-counts.mjs';

const folder = mkdtempSync(join(tmpdir(), 'gesso-counts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function report(value: unknown): string {
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify(value));
  return file;
}

describe('test counts', () => {
  it('counts a runner without a report as one failure', () => {
    expect(vitestCounts(join(folder, 'none.json'))).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(playwrightCounts(join(folder, 'none.json'))).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('counts a test file that cannot be loaded as one failure', () => {
    const numbers = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, numTodoTests: 0 };
    const results = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ];
    expect(vitestCounts(report({ ...numbers, testResults: results }))).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });

  it('counts errors outside of tests in Playwright', () => {
    const stats = { expected: 5, flaky: 1, unexpected: 2, skipped: 4 };
    expect(playwrightCounts(report({ stats, errors: [{ message: 'x' }] }))).toEqual({
      passed: 6,
      failed: 3,
      skipped: 4,
    });
  });

  it('names what passed at the second try, at any depth', () => {
    const spec = (file: string, title: string, status: string) => ({ file, title, tests: [{ status }] });
    const inner = { specs: [spec('a.spec.ts', 'hangs at times', 'flaky'), spec('a.spec.ts', 'is right', 'expected')] };
    const suites = [{ specs: [spec('a.spec.ts', 'fails', 'unexpected')], suites: [inner] }, { specs: [] }];
    expect(passedAtSecondTry(report({ suites }))).toEqual(['a.spec.ts: hangs at times']);
    expect(passedAtSecondTry(join(folder, 'none.json'))).toEqual([]);
  });

  it('writes one plain line', () => {
    const sum = sumCounts([
      { passed: 3, failed: 0, skipped: 0 },
      { passed: 4, failed: 1, skipped: 0 },
    ]);
    expect(countsLine(sum)).toBe('7 passed, 1 failed');
    expect(countsLine({ ...sum, skipped: 2 })).toBe('7 passed, 1 failed, 2 skipped');
  });
});
