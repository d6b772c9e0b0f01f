import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Paced } from './paced';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Paced', () => {
  it('says the first at once, then the newest when it has rested, and the last always', () => {
    const said: string[] = [];
    const paced = new Paced((words: string) => said.push(words), 1000);
    for (const words of ['a', 'b', 'c']) paced.say(words);
    expect(said).toEqual(['a']);
    vi.advanceTimersByTime(1000);
    expect(said).toEqual(['a', 'c']);
    vi.advanceTimersByTime(5000);
    paced.say('d');
    expect(said).toEqual(['a', 'c', 'd']);
  });

  it('says nothing more at its end', () => {
    const said: string[] = [];
    const paced = new Paced((words: string) => said.push(words), 1000);
    paced.say('a');
    paced.say('b');
    paced.end();
    vi.advanceTimersByTime(5000);
    expect(said).toEqual(['a']);
  });
});
