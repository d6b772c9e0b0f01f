import { describe, expect, it } from 'vitest';
import { FIELDS } from './fields';
import { assertRequest, fieldProblem, requestProblems } from './problems';
import { ADVANCED_IDS, fieldOf, withDefaults, type FieldId, type GenerationRequest } from './request';

const request: GenerationRequest = {
  model: 'starter',
  prompt: '',
  negativePrompt: '',
  sampler: 'euler',
  schedule: 'automatic',
  noise: 'nv',
  steps: 20,
  cfgScale: 7,
  seed: 0,
  width: 512,
  height: 768,
};

describe('fieldProblem', () => {
  it.each([
    ['steps', NaN, /Steps must be a number from 1 to 150\./],
    ['steps', undefined, /must be a number/],
    ['steps', '20', /must be a number/],
    ['steps', 7.5, /whole number from 1 to 150, not 7\.5/],
    ['steps', 1e9, /from 1 to 150, not 1000000000/],
    ['steps', 0, /from 1 to 150, not 0/],
    ['cfgScale', Infinity, /CFG scale must be from 1 to 30/],
    ['cfgScale', 0.5, /from 1 to 30, not 0\.5/],
    ['seed', -1, /Seed must be from 0/],
    ['seed', 2 ** 53, /Seed must be from 0/],
    ['width', 100, /Width must be a multiple of 8: try 104\./],
    ['height', 4096, /Height must be from 64 to 2048/],
  ] as const)('says what is wrong with %s = %s', (field, value, message) => {
    expect(fieldProblem(field, value)).toMatch(message);
  });

  it('accepts both ends of every range', () => {
    for (const id of Object.keys(FIELDS) as FieldId[]) {
      const field = fieldOf(id);
      if (field.kind !== 'number' && field.kind !== 'seed') continue;
      for (const value of [field.min, field.max]) expect(fieldProblem(id, value)).toBeUndefined();
    }
  });

  it('narrows sizes to what the model paints, and proposes a size inside', () => {
    const size = { min: 64, max: 128, step: 64 };
    expect(fieldProblem('width', 512, size)).toMatch(/from 64 to 128/);
    expect(fieldProblem('width', 100, size)).toMatch(/multiple of 64: try 128/);
    expect(fieldProblem('steps', 20, size)).toBeUndefined();
  });
});

describe('requestProblems', () => {
  it('finds none in a sound request, however empty its prompt', () => expect(requestProblems(request)).toEqual({}));

  it('names every field that is wrong', () => {
    const wrong = {
      ...request,
      sampler: 'best' as 'euler',
      schedule: 'x' as 'karras',
      steps: 0,
      prompt: 5 as unknown as string,
    };
    expect(Object.keys(requestProblems(wrong)).sort()).toEqual(['prompt', 'sampler', 'schedule', 'steps']);
    expect(() => assertRequest(wrong)).toThrow(/"best" is not known.*Steps must be from 1/);
  });

  it('knows dialects, emphasis modes and clip skip, and does without them', () => {
    expect(requestProblems({ ...request, dialect: 'comfyui', emphasis: 'no_norm', clipSkip: 12 })).toEqual({});
    expect(requestProblems({ ...request, dialect: undefined, clipSkip: undefined })).toEqual({});
    const wrong = { ...request, dialect: 'forge' as 'comfyui', emphasis: 'toString' as 'none', clipSkip: 13 };
    expect(requestProblems(wrong)).toEqual({
      dialect: 'Prompt syntax "forge" is not known: a1111, comfyui.',
      emphasis: 'Emphasis mode "toString" is not known: original, no_norm, ignore, none.',
      clipSkip: 'Clip skip must be from 1 to 12, not 13.',
    });
  });
});

describe('withDefaults', () => {
  it('fills in what the request does not say, and nothing else', () => {
    const filled = withDefaults({ ...request, clipSkip: 2, dialect: undefined });
    expect(filled).toMatchObject({ ...request, clipSkip: 2, dialect: 'a1111', cfgRescale: 0 });
    expect(filled.eta).toBeUndefined();
    expect(Object.keys(filled)).toEqual(expect.arrayContaining(ADVANCED_IDS));
  });
});

describe('fieldProblem of what need not be said', () => {
  it.each(ADVANCED_IDS)('%s: accepts its default and its ends, refuses what it is not', (id) => {
    const setting = fieldOf(id);
    const good =
      setting.kind === 'number'
        ? [setting.min, setting.max]
        : setting.kind === 'choice'
          ? Object.keys(setting.choices)
          : setting.kind === 'text'
            ? ['', 'a text']
            : [true, false];
    for (const value of [...good, setting.default, undefined]) expect(fieldProblem(id, value)).toBeUndefined();
    const bad = setting.kind === 'number' ? [NaN, setting.max + 1, setting.min - 1, '1', null] : [3, null];
    if (setting.kind === 'flag' || (setting.kind === 'choice' && !setting.names)) bad.push('toString');
    const name = setting.kind === 'text' ? id : setting.label;
    for (const value of bad) expect(fieldProblem(id, value)).toMatch(name);
  });
});
