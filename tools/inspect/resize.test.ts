import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, it } from 'vitest';
import { ask, run } from './testing/ask';

const ICON = 'public/icons/icon-192.png';
const folder = mkdtempSync(join(tmpdir(), 'resize-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('resize', () => {
  // Image.open(ICON).convert('RGBA').resize(size, filter).tobytes() of Pillow 10.4.
  it.each([
    ['--width 100 --height 64', '25c3f26ea5d9ae7261cca84513b5bbe504557d72141fa70d1179bf126af1056a'],
    ['--width 300 --height 301 --filter bicubic', '15601b6947962df9cbfaa169e2ba056cf8401df18bdca134cf1ed44000706048'],
  ])('makes the bytes of Pillow: %s', async (options, sha256) => {
    expect(await ask(`resize ${ICON} ${options}`)).toMatchObject({ sha256 });
  });

  it('writes a PNG', async () => {
    const out = join(folder, 'small.png');
    expect(await ask(`resize ${ICON} --width 9 --height 5 --out ${out}`)).toMatchObject({ width: 9, height: 5 });
    const { width, height } = PNG.sync.read(readFileSync(out));
    expect([width, height]).toEqual([9, 5]);
  });

  it.each([
    ['--width 9', /^--height is missing\.$/],
    ['--width 0 --height 5', /^--width must be a whole number from 1 to 8192, not "0"\.$/],
    ['--width 9 --height 5 --filter cubic', /^--filter must be one of nearest, box/],
    ['--width 9 --height 5 --mode x', /^--mode must be one of just_resize, /],
    [`--width 9 --height 5 --out ${join(tmpdir(), 'no', 'folder', 'x.png')}`, /cannot be written: ENOENT/],
  ])('refuses %s', async (options, problem) => {
    expect(await run(`resize ${ICON} ${options}`)).toEqual({ code: 2, problem: expect.stringMatching(problem) });
  });

  it('refuses what is no picture', async () => {
    expect((await run('resize package.json --width 9 --height 5')).problem).toMatch(
      /^"package\.json" cannot be read as a picture: /,
    );
  });
});
