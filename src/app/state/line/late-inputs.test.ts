import { describe, expect, it } from 'vitest';
import type { GenerationRequest } from '../../../core/recipe/request';
import { storedLora } from '../../testing/stored-lora';
import { mayName } from './late-inputs';

const request = (prompt: string, negativePrompt = '') => ({ prompt, negativePrompt }) as GenerationRequest;
const library = (...adapters: ReturnType<typeof storedLora>[]) =>
  ({ adapters }) as unknown as Parameters<typeof mayName>[1];
const builtIn = storedLora('starter-ink', { isBuiltIn: true });

describe('mayName', () => {
  it.each([
    ['a cat', '', false],
    ['a cat <lora:starter-ink:0.8>', '', true],
    ['a cat <lora:Starter-Ink:1>', '', true],
    ['a cat', 'starter - ink', true],
  ])('of what is built in alone: %s', (prompt, negative, is) =>
    expect(mayName(request(prompt, negative), library(builtIn))).toBe(is),
  );

  it('of a person’s own always, since these have many names', () => {
    expect(mayName(request('a cat'), library(builtIn, storedLora('ink')))).toBe(true);
    expect(mayName(request('a cat'), library())).toBe(false);
  });
});
