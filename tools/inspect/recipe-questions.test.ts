/** The questions about recipes, through the command line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowProblems } from '../../src/core/workflow';
import { ask, run } from './testing/ask';
import { inspect } from './inspect';

const PICTURES = 'src/core/image/metadata/fixtures';
const RECIPE = 'tools/inspect/testing/recipe.json';
const TEXT =
  'a cat\nNegative prompt: a dog\nSteps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 18446744073709551615, ' +
  'Size: 512x768, Model hash: 6ce0161689, Model: v1-5, Foo bar: "x, y", Version: v1.10.1';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'gesso-recipes-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('workflow', () => {
  it('is what a recipe is compiled to', async () => {
    const workflow = await ask<{ nodes: { id: string; settings: object }[] }>(`workflow ${RECIPE}`);
    expect(workflowProblems(workflow)).toEqual([]);
    const { settings } = workflow.nodes.find(({ id }) => id === 'sample') ?? {};
    expect(settings).toEqual({ sampler: 'dpmpp_2m', schedule: 'karras', steps: 8, cfgScale: 4, seed: 7 });
  });

  it('takes what a recipe does not say as its model likes it', async () => {
    const workflow = await ask<{ nodes: { settings: object }[] }>(
      `workflow ${file('own.json', '{"prompt":"a red fox"}')}`,
    );
    expect(JSON.stringify(workflow)).toContain('"width":128,"height":128');
    expect(JSON.stringify(workflow)).toContain('"steps":8');
  });

  it('says what of the recipe is left out', async () => {
    const { notes } = await ask<{ notes: string[] }>(`workflow ${file('w.json', '{"prompt":"a","steps":999}')}`);
    expect(notes).toEqual(['Steps must be from 1 to 150, not 999.']);
  });
});

describe('infotext', () => {
  it('tells the recipe of a text, with unknown keys and what is left out', async () => {
    expect(await ask(`infotext ${file('a.txt', TEXT)}`)).toMatchObject({
      prompt: 'a cat',
      negativePrompt: 'a dog',
      steps: 20,
      sampler: 'dpmpp_2m',
      schedule: 'karras',
      cfgScale: 7,
      seed: '18446744073709551615',
      width: 512,
      height: 768,
      modelHash: '6ce0161689',
      model: 'v1-5',
      unknown: { 'Foo bar': 'x, y' },
      version: 'v1.10.1',
      form: 'infotext',
      settings: { noise: 'nv', clipSkip: 1 },
    });
  });

  it.each(['text.png', 'unicode.jpg', 'lossy.webp', 'unicode.avif', 'comment.gif', 'stealth_pngcomp.png'])(
    'finds one in %s',
    async (name) => {
      expect(await ask(`infotext ${PICTURES}/${name}`)).toMatchObject({ unknown: {}, notes: [] });
    },
  );

  it('finds one in the pixels of a WebP without losses', async () => {
    const png = PNG.sync.read(readFileSync(`${PICTURES}/stealth_rgbcomp.png`));
    const pixels = sharp(png.data, { raw: { width: png.width, height: png.height, channels: 4 } });
    const path = join(folder, 'hidden.webp');
    writeFileSync(path, await pixels.webp({ lossless: true, exact: true }).toBuffer());
    const own = await ask<{ prompt: string }>(`infotext ${PICTURES}/stealth_rgbcomp.png`);
    expect(own.prompt).not.toBe('');
    expect(await ask(`infotext ${path}`)).toEqual(own);
  });

  it('says what of it cannot be used', async () => {
    const { notes } = await ask<{ notes: string[] }>(`infotext ${PICTURES}/novelai.png`);
    expect(notes).toEqual(['Width must be from 64 to 2048, not 8.', 'Height must be from 64 to 2048, not 8.']);
  });

  it('says what has none', async () => {
    expect(await run(`infotext ${PICTURES}/bare.png`)).toEqual({
      code: 2,
      problem: 'There is no recipe in this file.',
    });
    expect(await run('infotext nowhere.png')).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/cannot be read/),
    });
  });
});

describe('write-infotext', () => {
  it('writes what infotext read', async () => {
    const { output } = await run(`infotext ${file('b.txt', TEXT)}`);
    expect((await run(`write-infotext ${file('b.json', output ?? '')}`)).output).toBe(TEXT);
  });

  it('refuses what is no recipe', async () => {
    expect(await run(`write-infotext ${file('c.json', '{')}`)).toMatchObject({ code: 2 });
    const wrong = await run(`write-infotext ${file('d.json', '{"prompt":"a","steps":"x","foo":1}')}`);
    expect(wrong).toEqual({ code: 2, problem: '"steps" cannot be "x". "foo" is not known here.' });
  });
});

describe('link and unlink', () => {
  it('bring a recipe back', async () => {
    const { output = '' } = await run(`link ${RECIPE}`);
    expect(output).toBe(
      '#p=a+red+apple,+(shiny:1.2)&n=blurry&m=starter&seed=7&s=8&c=4&z=128x128&sm=dpmpp_2m&sc=karras&i=Foo+bar:+%22a,+b%22&v=1',
    );
    const { code, output: answer } = await inspect(['unlink', `https://example.org/${output}`]);
    expect(code).toBe(0);
    expect(JSON.parse(answer ?? '')).toMatchObject({
      prompt: 'a red apple, (shiny:1.2)',
      unknown: { 'Foo bar': 'a, b' },
      noise: 'nv',
    });
    expect(await run('unlink https://example.org/')).toEqual({ code: 2, problem: 'This is no link to a recipe.' });
  });
});
