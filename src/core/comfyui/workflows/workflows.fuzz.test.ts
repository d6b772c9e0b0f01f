/** Whatever the file: an answer, or one sentence. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  analyse,
  openComfyText,
  toPrompt,
  toWorkflow,
  writeDocument,
  writeJson,
  isSameJson,
  readJson,
  type Json,
} from '.';
import { AppError } from '../../errors';
import { node, textToImage, workflow, type Fields } from './testing/graphs';

/** All that is done with a file. @returns the sentence where it is refused */
function open(text: string): string | undefined {
  try {
    const { document } = openComfyText(text);
    const json = writeDocument(document);
    const { prompt } = analyse(document);
    analyse(toWorkflow(prompt));
    writeJson(json);
    return undefined;
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad-file') return error.message;
    throw error;
  }
}

const TEXT = JSON.stringify(
  textToImage({
    nodes: [
      node(20, 'sub'),
      node(21, 'SetNode', { widgets_values: ['a'] }),
      node(22, 'GetNode', { widgets_values: ['a'] }),
    ],
  }),
);

/** Every place in a JSON. */
function placesOf(json: Json, path: (string | number)[] = []): (string | number)[][] {
  if (typeof json !== 'object' || json === null) return [path];
  return [path, ...Object.entries(json).flatMap(([key, one]) => placesOf(one ?? null, [...path, key]))];
}

function replaced(json: Json, [key, ...rest]: readonly (string | number)[], by: Json): Json {
  if (key === undefined) return by;
  const copy = (Array.isArray(json) ? [...json] : { ...(json as Fields) }) as Fields;
  copy[key] = replaced(copy[key] ?? null, rest, by);
  return copy;
}

const ODD: readonly Json[] = [
  null,
  -1,
  0,
  3,
  1e300,
  2n ** 70n,
  NaN,
  '',
  'x',
  '-10',
  true,
  [],
  [0],
  ['4', 0],
  {},
  { '0': 1 },
  { __value__: [1] },
];

describe('any file', () => {
  it('cut anywhere is one sentence', () => {
    for (let length = 1; length < TEXT.length; length += 17)
      expect(open(TEXT.slice(0, length))).toMatch(/^This (JSON ends too early: the file is cut|is no JSON)\.$/);
  });

  it('with anything at any place is opened or refused', () => {
    const json = readJson(TEXT);
    const places = placesOf(json);
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.constantFrom(...ODD), (place, odd) => {
        const text = writeJson(replaced(json, place, odd));
        const sentence = open(text);
        if (sentence !== undefined) expect(sentence).toMatch(/^[A-Z].*\.$/);
        else expect(isSameJson(writeDocument(openComfyText(text).document), readJson(text))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('of any JSON is opened or refused', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        open(text);
        open(`{"nodes": [${text}], "links": [${text}]}`);
        open(`{"1": {"class_type": "KSampler", "inputs": ${text}}}`);
      }),
      { numRuns: 300 },
    );
  });

  it('with "__proto__" for names changes nothing else', () => {
    const { document } = openComfyText(
      '{"__proto__": {"class_type": "X", "inputs": {"__proto__": {"a": 1}, "b": ["__proto__", 0]}}}',
    );
    expect(Object.keys(toPrompt(document))).toEqual(['__proto__']);
    expect(({} as { a?: number }).a).toBeUndefined();
  });
});

describe('large files', () => {
  /** No hang: a busy machine of two cores needs 4 s. */
  const MOST_MS = 20_000;

  it.each<[string, () => Fields]>([
    [
      'a chain of 20,000 nodes',
      () =>
        workflow(
          Array.from({ length: 20_000 }, (_, i) =>
            node(i, 'ImageInvert', {
              inputs: [{ name: 'image', type: 'IMAGE', link: i }],
              outputs: [{ name: 'IMAGE', type: 'IMAGE', links: [] }],
            }),
          ),
          Array.from({ length: 20_000 }, (_, i) => [i, i - 1, 0, i, 0, 'IMAGE']),
        ),
    ],
    [
      'a ring of 10,000 reroutes with 10,000 nodes on it',
      () =>
        workflow(
          Array.from({ length: 20_000 }, (_, i) =>
            node(i, i < 10_000 ? 'Reroute' : 'PreviewImage', { inputs: [{ name: 'images', type: '*', link: i }] }),
          ),
          Array.from({ length: 20_000 }, (_, i) => [i, (i + 9_999) % 10_000, 0, i, 0, '*']),
        ),
    ],
    [
      '10,000 names that are set and got',
      () =>
        workflow(
          Array.from({ length: 20_000 }, (_, i) =>
            node(i, i % 2 ? 'SetNode' : 'GetNode', { widgets_values: [`n${i >> 1}`] }),
          ),
        ),
    ],
  ])(
    '%s end soon',
    (_, make) => {
      const text = JSON.stringify(make());
      const start = performance.now();
      expect(open(text)).toBeUndefined();
      expect(performance.now() - start).toBeLessThan(MOST_MS);
    },
    2 * MOST_MS,
  );
});
