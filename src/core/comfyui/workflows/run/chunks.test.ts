/** What goes into a picture of a graph, and its name. */
import { describe, expect, it } from 'vitest';
import { openComfyChunks, openComfyJson, toPrompt } from '../convert';
import { textToImage } from '../testing/graphs';
import { comfyFileNames, comfyTexts } from './chunks';
import { sizeFitter } from './fit-size';
import { nodeOf } from './node-of';

describe('comfyTexts', () => {
  it('writes what ComfyUI reads again, in ASCII as Python has it', () => {
    const json = textToImage({
      sampler: { title: 'Größe 🍐', widgets_values: [2n ** 63n, 'fixed', 20, 8, 'euler', 'normal', 1] },
    });
    const { document } = openComfyJson(json);
    const prompt = toPrompt(document);
    const texts = comfyTexts(prompt, document);
    expect(Object.keys(texts)).toEqual(['prompt', 'workflow']);
    for (const text of Object.values(texts)) expect(text).toMatch(/^[\x20-\x7e]+$/);
    expect(texts.prompt).toContain('"Gr\\u00f6\\u00dfe \\ud83c\\udf50"');
    expect(texts.prompt).toContain('9223372036854775808');
    const again = openComfyChunks(texts as Required<typeof texts>);
    expect([again.prompt, toPrompt(again.document)]).toEqual([prompt, prompt]);
  });
});

describe('comfyFileNames', () => {
  it('numbers those of one prefix, and fills in the time', () => {
    const kept = (prefix: string) => ({ node: '9', isSaved: true, prefix });
    const names = comfyFileNames([kept('a/%year%'), kept('a/%year%'), kept('../:b')], new Date(2026, 1, 3));
    expect(names).toEqual(['a/2026_00001_.png', 'a/2026_00002_.png', '_b_00001_.png']);
  });
});

describe('nodeOf', () => {
  it('is the node before the first space that makes one', () => {
    const one = { class_type: 'A', inputs: {} };
    const prompt = { '5:12': one, '20': one, 'my node': one };
    expect(['5:12', '5:12 positive', '20 hint for 3', 'my node again', 'else'].map((id) => nodeOf(id, prompt))).toEqual(
      [...['5:12', '5:12', '20', 'my node', undefined]],
    );
  });
});

describe('sizeFitter', () => {
  it('keeps to what a model paints, and says so once it is another', () => {
    const said: string[] = [];
    const fit = sizeFitter({ name: 'Small', size: { min: 128, max: 256, step: 64 } }, (line) => said.push(line));
    expect(fit({ width: 200, height: 512 })).toEqual({ width: 192, height: 256 });
    expect(fit({ width: 128, height: 256 })).toEqual({ width: 128, height: 256 });
    expect(said).toEqual(['Small paints 192 × 256 in place of 200 × 512.']);
  });
});
