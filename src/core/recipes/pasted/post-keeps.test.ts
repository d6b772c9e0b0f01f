/** What the reader of posts must not lose: words of prompts that look like its labels, and values that look like several. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';
import { readPost } from './post';
import { itemOf } from './post-lines';

const PAIRS = 'Steps: 18, Sampler: Euler a, CFG scale: 5.5, Seed: 77, Size: 576x704';

describe('a post', () => {
  it('keeps single marks around a prompt', () => {
    for (const prompt of ['__animal__', '*a cat*', '_x_'])
      expect(readPost(`Prompt: ${prompt}\nNegative: mist\n${PAIRS}`)?.recipe.prompt).toBe(prompt);
    expect(readPost(`Prompt: **a cat**\nNegative: \`mist\`\n${PAIRS}`)?.recipe).toMatchObject({
      prompt: 'a cat',
      negativePrompt: 'mist',
    });
  });

  it('has escapes of HTML undone, and a picture has not', () => {
    const text = `a sign <p>R&amp;D &lt;lora:x:1&gt;</p>\nNegative prompt: y`;
    const { recipe } = readTextRecipe(text, { isFromPicture: true });
    expect(recipe.prompt).toContain('R&amp;D &lt;lora:x:1&gt;');
  });

  it('has lines of tables, long ones, too', () => {
    for (const line of ['|---|:--:|', '|', '--|--', '| + |']) expect(itemOf(line).kind).toBe('border');
    for (const line of ['|:-+ '.repeat(19_000) + 'x', '- + -', ': | x']) expect(itemOf(line).kind).toBe('words');
  });
});
