/** Prompts to guidance, with a text encoder that can be computed by hand: a vector holds its token's id twice. */
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../core/errors';
import type { Tokenizer } from '../../../core/tokenizer';
import { createConditioning, type Conditioning, type ConditioningOptions } from '../../testing/conditioning';
import type { Context } from './encode';
import { createEncoder, type Encoder } from '../../models/encoder';

const START = 50;
const END = 60;
const COMMA = 40;
/** Letters are tokens: a is 1, b is 2. Chunks hold 4. */
const tokenizer: Tokenizer = {
  encode: (text) => [...text.replace(/[^a-z,]/g, '')].map((sign) => (sign === ',' ? COMMA : sign.charCodeAt(0) - 96)),
  startId: START,
  endId: END,
  padId: END,
  commaId: COMMA,
  contextLength: 6,
};

let rowsRun: number[][];
let encoder: Encoder;
beforeEach(() => {
  rowsRun = [];
  encoder = createEncoder({
    tokenizer,
    width: 2,
    encodeRow: (ids) => {
      rowsRun.push([...ids]);
      return Promise.resolve({ hidden: Float32Array.from(ids.flatMap((id) => [id, id])) });
    },
  });
});

const base = { prompt: '', negativePrompt: '', cfgScale: 7, dialect: 'a1111', emphasis: 'original' } as const;
type Fields = Parameters<typeof createConditioning>[0];
const create = (changes: Partial<Fields>, options: Partial<ConditioningOptions> = {}): Promise<Conditioning> =>
  createConditioning({ ...base, ...changes }, [encoder], { calls: 4, ...options });

/** The first value of each vector: ids where nothing was weighed. */
const values = ({ data, tokens, width }: Context): number[] => {
  expect([data.length, width]).toEqual([tokens * 2, 2]);
  return Array.from({ length: tokens }, (_, i) => data[2 * i]);
};
const textAt = ({ at }: Conditioning, call: number): string =>
  values(at(call).positive[0].context)
    .filter((id) => id < COMMA)
    .map((id) => String.fromCharCode(id + 96))
    .join('');

describe('createConditioning', () => {
  it('encodes both prompts, with start, end and padding', async () => {
    const { positive, negative } = (await create({ prompt: 'ab', negativePrompt: 'c' })).at(0);
    expect(positive).toEqual([{ context: expect.anything(), weight: 1 }]);
    expect(values(positive[0].context)).toEqual([START, 1, 2, END, END, END]);
    expect(negative && values(negative)).toEqual([START, 3, END, END, END, END]);
  });

  it('gives a model that knows few sentences its own words', async () => {
    const reader = {
      read: (text: string) => {
        const isUnknown = !text.includes('a');
        const draws = isUnknown ? text : 'b';
        return Promise.resolve({ reads: '', draws, leftOut: ['x'], isAsTyped: false, isUnknown, nearest: [] });
      },
    };
    const plainPrompts = { reader, name: 'Small', suggestion: 'c' };
    const made = await create({ prompt: 'ab', negativePrompt: 'd' }, { plainPrompts });
    expect(values(made.at(0).positive[0].context)).toEqual([START, 2, END, END, END, END]);
    expect(made.at(0).negative && values(made.at(0).negative as Context)).toEqual([START, 4, END, END, END, END]);
    expect(made.notices).toEqual(['Drawn as: b. Left out: x.']);
    const empty = await create({ prompt: '' }, { plainPrompts });
    expect(values(empty.at(0).positive[0].context)).toEqual([START, 3, END, END, END, END]);
  });

  it('joins any number of chunks, and leaves both prompts at their own lengths', async () => {
    const { positive, negative } = (await create({ prompt: 'abcdefghi', negativePrompt: 'a' })).at(0);
    expect(positive[0].context.tokens).toBe(18);
    expect(values(positive[0].context).slice(6, 12)).toEqual([START, 5, 6, 7, 8, END]);
    expect(negative?.tokens).toBe(6);
  });

  it('changes texts as the schedule says, one call late, and keeps what does not change', async () => {
    const conditioning = await create({ prompt: '[a:b:2] x', negativePrompt: '[c|d]' }, { calls: 4 });
    expect([0, 1, 2, 3, 9].map((call) => textAt(conditioning, call))).toEqual(['ax', 'ax', 'ax', 'bx', 'ax']);
    expect([0, 1, 2, 3].map((call) => conditioning.at(call).negative?.data[2])).toEqual([3, 3, 4, 3]);
    expect(conditioning.at(1)).toBe(conditioning.at(0));
    expect(conditioning.at(2)).not.toBe(conditioning.at(0));
  });

  it('counts from the first pass of hires fix where there was one', async () => {
    const conditioning = await create({ prompt: '[a:b:1.5]' }, { calls: 4, firstPassCalls: 10 });
    expect([0, 2, 3].map((call) => textAt(conditioning, call))).toEqual(['a', 'a', 'b']);
  });

  it('gives AND parts their weights, and the length of the longest by their last vectors', async () => {
    const { positive } = (await create({ prompt: 'a:1.2 AND bcdefg :-0.5' })).at(0);
    expect(positive.map(({ weight }) => weight)).toEqual([1.2, -0.5]);
    expect(values(positive[0].context)).toEqual([START, 1, END, END, END, END, ...new Array<number>(6).fill(END)]);
    expect(values(positive[1].context)).toEqual([START, 2, 3, 4, 5, END, START, 6, 7, END, END, END]);
  });

  it('reads AND and tags of the negative prompt as text', async () => {
    const { negative } = (await create({ negativePrompt: 'a AND <lora:b>' })).at(0);
    expect(negative && values(negative)).toEqual([START, 1, 12, 15, 18, END, START, 1, 2, END, END, END]);
  });

  it('drops the negative where it cancels out', async () => {
    expect((await create({ cfgScale: 1, prompt: 'a' })).at(0).negative).toBeUndefined();
    expect((await create({ cfgScale: 2, prompt: 'a:0.25 AND b:0.25' })).at(0).negative).toBeUndefined();
    expect((await create({ cfgScale: 1, prompt: 'a:2' })).at(0).negative).toBeDefined();
    expect((await create({ prompt: 'a' }, { cfgScale: 1 })).at(0).negative).toBeUndefined();
    expect((await create({ cfgScale: 1, prompt: 'a' }, { needsNegative: true })).at(0).negative).toBeDefined();
  });
});

describe('emphasis', () => {
  const near = (actual: number[], expected: number[]): void => {
    expect(actual.length).toBe(expected.length);
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
  };
  const positive = async (changes: Partial<Fields>, call = 0): Promise<number[]> =>
    values((await create(changes)).at(call).positive[0].context);
  const plain = [START, 10, END, END, END, END];
  const sum = START + 10 + 4 * END;

  it('multiplies in the mode No norm, and not in Ignore', async () => {
    near(await positive({ prompt: '(j:3)', emphasis: 'no_norm' }), [START, 30, END, END, END, END]);
    near(await positive({ prompt: '(j:3)', emphasis: 'ignore' }), plain);
  });

  it('restores the mean in the mode Original', async () => {
    const ratio = sum / (sum + 20);
    near(
      await positive({ prompt: '(j:3)' }),
      [START, 30, END, END, END, END].map((value) => value * ratio),
    );
    near(await positive({ prompt: 'j' }), plain);
  });

  it('takes that mean over all texts of the schedule, however often each occurs', async () => {
    // Entries of 4 calls: j weighed, j plain, weighed, plain.
    const ratio = (4 * sum) / (4 * sum + 2 * 20);
    near(
      await positive({ prompt: '[(j:3)|j]' }),
      [START, 30, END, END, END, END].map((value) => value * ratio),
    );
    near(
      await positive({ prompt: '[(j:3)|j]' }, 2),
      plain.map((value) => value * ratio),
    );
    // Three entries of which two have the same text.
    const uneven = (3 * sum) / (3 * sum + 20);
    near(
      await positive({ prompt: '[(j:3):[j:j:2]:1]' }),
      [START, 30, END, END, END, END].map((v) => v * uneven),
    );
  });

  it('fills the shorter texts of a schedule with empty chunks', async () => {
    const conditioning = await create({ prompt: '[a:abcdef:2]' });
    expect(values(conditioning.at(0).positive[0].context)).toEqual([
      START,
      1,
      END,
      END,
      END,
      END,
      START,
      END,
      END,
      END,
      END,
      END,
    ]);
    expect(conditioning.at(3).positive[0].context.tokens).toBe(12);
  });

  it('moves away from the empty prompt in ComfyUI', async () => {
    const expected = [START, END + 3 * (10 - END), END, END, END, END];
    near(await positive({ prompt: '(j:3)', dialect: 'comfyui', emphasis: 'ignore' }), expected);
    near(await positive({ prompt: 'j', dialect: 'comfyui' }), plain);
  });

  it('says that weights are too large, before they reach the model', async () => {
    const prompt = `(a:${'9'.repeat(80)})`;
    await expect(create({ prompt, emphasis: 'no_norm' })).rejects.toMatchObject({
      code: 'not-a-number',
      message: expect.stringMatching(/for "\(a:9{57}…"\. Try smaller weights/) as unknown,
    });
  });
});

describe('the dialect of ComfyUI', () => {
  it('reads AND, edits and tags as text', async () => {
    const conditioning = await create({ prompt: '[a:b:2] AND <c>', dialect: 'comfyui' });
    expect(conditioning.at(0).positive).toHaveLength(1);
    expect(conditioning.notices).toEqual([]);
    expect(textAt(conditioning, 0)).toBe('abc');
  });
});

describe('notices', () => {
  it('name every network and embedding that is not there', async () => {
    const { notices } = await create({ prompt: 'a <lora:x:1:y><hypernet:h> <foo:z><foo:z> # <lora:q:1>' });
    expect(notices).toEqual([
      '<lora:x:1:y> was left out: there is no LoRA "x" here. <lora:x:1:y>: "y" should be a number and was left out.',
      '<hypernet:h> was left out: there is no hypernetwork "h" here.',
      '<foo:z> was left out: there is no network of that kind here.',
    ]);
    const comfy = await create({
      prompt: 'a embedding:x',
      negativePrompt: 'embedding:x, embedding:y',
      dialect: 'comfyui',
    });
    expect(comfy.notices).toEqual([
      'embedding:x was left out: there is no embedding "x" here.',
      'embedding:y was left out: there is no embedding "y" here.',
    ]);
  });
});

describe('rows', () => {
  it('run once each, also for the next picture, until others have taken their places', async () => {
    await create({ prompt: '[a|b] [c|d]', negativePrompt: 'ac' });
    expect(rowsRun.length).toBe(2); // ac and bd
    await create({ prompt: 'ac' });
    expect(rowsRun.length).toBe(3); // the empty negative
    for (const letter of 'efghijklmnopqrstuvwxyz')
      await create({ prompt: `${letter}${letter}`, negativePrompt: letter });
    await create({ prompt: 'ac' });
    expect(rowsRun.slice(-2)).toEqual([
      [START, 1, 3, END, END, END],
      [START, END, END, END, END, END],
    ]);
  });

  it('pause before each, so that a cancel ends the work', async () => {
    let pauses = 0;
    const pause = (): Promise<void> => {
      pauses += 1;
      return pauses > 2 ? Promise.reject(new AppError('cancelled', 'Cancelled.')) : Promise.resolve();
    };
    await expect(create({ prompt: '[a|b|c|d]' }, { pause })).rejects.toMatchObject({ code: 'cancelled' });
    expect(rowsRun.length).toBe(2);
  });
});
