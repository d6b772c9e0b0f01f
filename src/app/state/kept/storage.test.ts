import { describe, expect, it, vi } from 'vitest';
import { createStore } from './storage';

function memoryStorage(initial?: string): Storage {
  const map = new Map(initial === undefined ? [] : [['k', initial]]);
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
  } as unknown as Storage;
}

describe('createStore', () => {
  it('gives back what was written', () => {
    const storage = memoryStorage();
    createStore('k', () => storage).write({ prompt: 'ü', steps: 8 });
    expect(createStore('k', () => storage).read()).toEqual({ prompt: 'ü', steps: 8 });
  });

  it.each(['', '{', 'null', '[1]', '"text"', '7'])('reads %j as nothing', (text) => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    expect(createStore('k', () => memoryStorage(text)).read()).toEqual({});
  });

  it('does without storage where the browser refuses it', () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const refused = createStore('k', () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    });
    expect(refused.read()).toEqual({});
    expect(() => refused.write({ a: 1 })).not.toThrow();
  });
});
