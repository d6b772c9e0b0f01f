import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storedLora } from '../../testing/stored-lora';
import { openPage, type TestPage } from '../../testing/page';
import { LoraForm } from './lora-form.svelte';

let page: TestPage;
let form: LoraForm;
afterEach(() => page.close());
beforeEach(async () => {
  document.body.replaceChildren();
  page = openPage('0', { stored: { prompt: 'a cat' } });
  page.library.show({ adapters: [storedLora('ink', { weight: 0.7 }), storedLora('line', { aliases: ['Line Art'] })] });
  await page.studio.start();
  form = new LoraForm(page.studio);
});

const prompt = (): string => page.studio.settings.prompt;
const lora = (name: string) => page.studio.library.adapters.find((one) => one.name === name) ?? expect.fail(name);

describe('LoraForm', () => {
  it('puts a LoRA into the prompt with the weight that somebody prefers, and takes it out again', () => {
    form.toggle(lora('ink'));
    expect(prompt()).toBe('a cat <lora:ink:0.7>');
    form.toggle(lora('line'));
    expect(prompt()).toBe('a cat <lora:ink:0.7> <lora:line:1>');
    form.toggle(lora('ink'));
    expect(prompt()).toBe('a cat <lora:line:1>');
    page.studio.form.undo();
    expect(prompt()).toBe('a cat <lora:ink:0.7> <lora:line:1>');
  });

  it('has a row for each tag, also of what is not here', () => {
    page.studio.settings.prompt = 'a <lora:Line Art:0.5:1> b <lora:gone:0> # <lora:ink:1>';
    expect(form.rows.map(({ name, lora: found, isApart, isOn }) => [name, found?.name, isApart, isOn])).toEqual([
      ['line', 'line', true, true],
      ['gone', undefined, false, false],
    ]);
  });

  it('moves a strength in one step of undo', () => {
    page.studio.settings.prompt = 'a <lora:ink:1>, red';
    for (const value of [0.9, 0.5, 2.5]) form.move(form.rows[0], 'both', value);
    form.settle(form.rows[0]);
    expect(prompt()).toBe('a <lora:ink:2.5>, red');
    page.studio.form.undo();
    expect(prompt()).toBe('a <lora:ink:1>, red');
    page.studio.form.redo();
    expect(prompt()).toBe('a <lora:ink:2.5>, red');
  });

  it('moves one before another in one step of undo', () => {
    page.studio.settings.prompt = 'a <lora:ink:1> b <lora:line:0.5>, c';
    form.moveUp(form.rows[1]);
    expect(prompt()).toBe('a <lora:line:0.5> b <lora:ink:1>, c');
    form.moveUp(form.rows[0]);
    expect(prompt(), 'the first stays').toBe('a <lora:line:0.5> b <lora:ink:1>, c');
    page.studio.form.undo();
    expect(prompt()).toBe('a <lora:ink:1> b <lora:line:0.5>, c');
  });

  it('switches off by strength 0 and on as it was', () => {
    page.studio.settings.prompt = 'a <lora:ink:0.8:0.4>';
    form.setOn(form.rows[0], false);
    expect(prompt()).toBe('a <lora:ink:0:0>');
    form.setOn(form.rows[0], true);
    expect(prompt()).toBe('a <lora:ink:0.8:0.4>');
  });

  it('puts trigger words before the tags, and takes them out', () => {
    page.studio.settings.prompt = 'a cat <lora:ink:1>';
    form.toggleWord('inky (style)');
    expect([prompt(), form.hasWord('inky (style)')]).toEqual(['a cat, inky (style) <lora:ink:1>', true]);
    form.toggleWord('inky (style)');
    expect(prompt()).toBe('a cat <lora:ink:1>');
    for (const [before, after] of [
      ['(inky:1.2), cat', 'cat'],
      ['a , , b, inky, c', 'a , , b, c'],
      ['a\ninky, b', 'a\nb'],
      ['a cat, <lora:i:1>, dog, inky', 'a cat, <lora:i:1>, dog'],
      ['<lora:ink:1> inky', '<lora:ink:1> '],
    ]) {
      page.studio.settings.prompt = before;
      form.toggleWord('inky');
      expect(prompt()).toBe(after);
    }
    form.toggleWord('bad', 'negativePrompt');
    expect(page.studio.settings.negativePrompt).toBe('bad');
  });

  it('writes nothing into a comment, and no tag where tags are only text', () => {
    page.studio.settings.prompt = 'a cat # note';
    form.toggleWord('inky');
    expect(prompt()).toBe('a cat # note\ninky');
    page.studio.settings.advanced.set('dialect', 'comfyui');
    expect([form.isComfy, form.embeddingWord('cat')]).toEqual([true, 'embedding:cat']);
  });
});
