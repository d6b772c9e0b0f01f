import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CATALOG } from '../../testing/catalog';
import type { TokenCount } from '../../../core/tokenizer';
import type { EnginePhase } from '../device/engine-session.svelte';
import { TokenCounter } from './token-counter.svelte';

const [model] = CATALOG.models;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** An engine that answers when the test says so. */
function counterUnderTest(phase: EnginePhase = 'ready') {
  const asked: string[] = [];
  const answers: { resolve(count: TokenCount): void; reject(reason: unknown): void }[] = [];
  const countTokens = vi.fn((text: string) => {
    asked.push(text);
    return new Promise<TokenCount>((resolve, reject) => answers.push({ resolve, reject }));
  });
  const counter = new TokenCounter({ phase, countTokens });
  let callOff = (): void => undefined;
  return {
    counter,
    countTokens,
    asked,
    answers,
    /** Types as the effect does on every change. */
    type(text: string, { pause = 0 } = {}) {
      callOff();
      callOff = counter.watch(text, model, { isNegative: false });
      return vi.advanceTimersByTimeAsync(pause);
    },
  };
}

describe('TokenCounter', () => {
  it('counts once, a moment after the last key', async () => {
    const { type, asked, counter, answers } = counterUnderTest();
    for (const text of ['a', 'a c', 'a cat']) await type(text, { pause: 100 });
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toEqual(['a cat']);
    answers[0]?.resolve({ tokens: 2, limit: 75 });
    await vi.advanceTimersByTimeAsync(0);
    expect([counter.count, counter.isLate]).toEqual([{ tokens: 2, limit: 75 }, false]);
  });

  it('asks one at a time while the engine is busy, and then only for the newest', async () => {
    const { type, asked, counter, answers } = counterUnderTest();
    for (const text of ['one', 'two', 'three', 'four']) await type(text, { pause: 300 });
    expect(asked).toEqual(['one']);
    answers[0]?.resolve({ tokens: 1, limit: 75 });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual(['one', 'four']);
    answers[1]?.resolve({ tokens: 4, limit: 75 });
    await vi.advanceTimersByTimeAsync(0);
    expect(counter.count?.tokens).toBe(4);
  });

  it('says when the number is old, until the new one is there', async () => {
    const { type, counter, answers } = counterUnderTest();
    await type('one', { pause: 300 });
    answers[0]?.resolve({ tokens: 1, limit: 75 });
    await type('one two', { pause: 900 });
    expect(counter.isLate).toBe(false);
    await vi.advanceTimersByTimeAsync(400);
    expect(counter.isLate).toBe(true);
    answers[1]?.resolve({ tokens: 2, limit: 75 });
    await vi.advanceTimersByTimeAsync(0);
    expect([counter.isLate, counter.count?.tokens]).toEqual([false, 2]);
  });

  it('asks nothing of an engine that is not ready', async () => {
    const { type, asked } = counterUnderTest('loading');
    await type('one', { pause: 1000 });
    expect(asked).toEqual([]);
  });

  it('shows no number where counting failed, and counts again', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const { type, counter, answers } = counterUnderTest();
    await type('one', { pause: 300 });
    answers[0]?.resolve({ tokens: 1, limit: 75 });
    await type('two', { pause: 300 });
    answers[1]?.reject(new Error('gone'));
    await vi.advanceTimersByTimeAsync(0);
    expect(counter.count).toBeUndefined();
    await type('three', { pause: 300 });
    answers[2]?.resolve({ tokens: 3, limit: 75 });
    await vi.advanceTimersByTimeAsync(0);
    expect(counter.count?.tokens).toBe(3);
  });
});
