import { afterEach, describe, expect, it, vi } from 'vitest';
import { flushSync } from 'svelte';
import { AppError } from '../core/errors';
import { NOISES } from '../core/noise';
import { SAMPLERS } from '../core/samplers';
import { SCHEDULES } from '../core/schedules';
import { QUEUE_SIZE } from './state/line/queue-options';
import { memoryGalleryStore } from './testing/gallery-store';
import { button, click, control, openPage, press, type, type TestPage } from './testing/page';

let page: TestPage | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
  document.body.replaceChildren();
});

const open = (...args: Parameters<typeof openPage>): TestPage => (page = openPage(...args));
const picture = () => document.querySelector<HTMLImageElement>('img[alt="Generated picture"]');
const pageText = () => (document.body.textContent ?? '').replace(/\s+/g, ' ');
const alerts = () => [...document.querySelectorAll('[role=alert]')].map((node) => node.textContent).join(' ');
const labelsOf = (label: string) => [...control(label).querySelectorAll('option')].map((option) => option.textContent);

describe('the page', () => {
  it('has one control for each of these labels', () => {
    open();
    const names = ['Prompt', 'Negative prompt', 'Sampler', 'Schedule type', 'Steps', 'CFG scale', 'Seed', 'Width'];
    for (const label of [...names, 'Height', 'Model', 'Noise', 'Compute with']) {
      const labels = [...document.querySelectorAll('label')].filter((node) => node.textContent?.trim() === label);
      expect(labels, label).toHaveLength(1);
      expect(control(label).isConnected).toBe(true);
    }
  });

  it('offers every entry of the tables', () => {
    open();
    for (const [label, table] of Object.entries({ Sampler: SAMPLERS, 'Schedule type': SCHEDULES, Noise: NOISES }))
      expect(labelsOf(label)).toEqual(Object.values(table).map((entry) => entry.label));
  });

  it('begins with the prompt focused and suggestions to take', async () => {
    const { studio } = open();
    expect(document.activeElement).toBe(control('Prompt'));
    expect(control('Prompt').placeholder).toBe('For example: a red apple');
    click('a cat');
    expect(control('Prompt').value).toBe('a cat');
    expect(document.activeElement).toBe(button('Generate'));
    const list = await vi.waitFor(() => {
      const found = document.querySelector<HTMLDetailsElement>('.empty details');
      if (!found) throw new Error('the subjects are not here yet');
      return found;
    });
    list.open = true;
    list.dispatchEvent(new Event('toggle'));
    flushSync();
    click('pear');
    expect(studio.settings.prompt).toBe('pear');
  });

  it('paints what is typed, and shows what made it', async () => {
    open('0', { stored: { advanced: { cfgRescale: 0.7, emphasis: 'ignore' } } });
    type('Prompt', 'a red apple');
    type('Seed', '7');
    click('Generate');
    await vi.waitFor(() => expect(picture()).not.toBeNull());
    const facts = document.querySelector('[aria-label="About this picture"]')?.textContent ?? '';
    for (const fact of ['a red apple', 'Seed 7', 'Euler', 'Karras', '3 steps', 'CFG 4', '64 × 64', 'RTX 4090 (WebGPU)'])
      expect(facts).toContain(fact);
    for (const fact of ['CFG rescale 0.7', 'Emphasis mode Ignore']) expect(facts).toContain(fact);
    expect(button('Save PNG')).toBeDefined();
    type('Seed', '-1');
    click('Use this seed');
    expect(control('Seed').value).toBe('7');
    click('Random seed');
    expect(control('Seed').value).toBe('-1');
  });

  it('says under the picture that it is not kept where the disk is full, and keeps it when asked again', async () => {
    const galleryStore = memoryGalleryStore();
    galleryStore.refusal = new AppError('quota', 'The disk is full.');
    open('0', { galleryStore });
    type('Prompt', 'a red apple');
    click('Generate');
    await vi.waitFor(() => expect(picture()).not.toBeNull());
    expect(pageText()).toContain('The disk is full. The newest picture lasts until this page is closed');
    galleryStore.refusal = undefined;
    click('Try again');
    await vi.waitFor(() => expect(pageText()).not.toContain('The disk is full.'));
    expect(galleryStore.kept.size).toBe(1);
  });

  it('says so where the file of a picture is gone', async () => {
    const { studio } = open();
    type('Prompt', 'a red apple');
    click('Generate');
    await vi.waitFor(() => expect(picture()).not.toBeNull());
    vi.spyOn(studio.gallery, 'file').mockResolvedValue(undefined);
    for (const { id } of studio.gallery.pictures) studio.gallery.files.drop(id);
    flushSync();
    await vi.waitFor(() => expect(pageText()).toContain('it may have been deleted in another tab'));
  });

  it('shows a picture whose sampler only another version of the app knows', async () => {
    const { studio } = open();
    type('Prompt', 'a red apple');
    click('Generate');
    await vi.waitFor(() => expect(picture()).not.toBeNull());
    const [made] = studio.gallery.pictures;
    if (!made) throw new Error('one was made');
    const request = {
      ...made.request,
      sampler: 'of_tomorrow',
      schedule: 'of_tomorrow',
    } as unknown as typeof made.request;
    await studio.gallery.add({ facts: { ...made, request }, file: new Blob(), thumbnail: new Blob() });
    flushSync();
    expect(document.querySelector('[aria-label="About this picture"]')?.textContent).toContain('of_tomorrow');
  });

  it('says what was left out of a picture, under that picture', async () => {
    const { studio } = open();
    type('Prompt', 'cat <lora:x:1>');
    click('Generate');
    const notices = () => document.querySelector('[role=status][aria-label=Notices]')?.textContent?.trim();
    await vi.waitFor(() => expect(picture()).not.toBeNull());
    expect(notices()).toBe('<lora:x:1> was left out.');
    type('Prompt', 'cat');
    click('Generate');
    await vi.waitFor(() => expect(studio.gallery.pictures).toHaveLength(2));
    expect(notices()).toBe('');
    press('ArrowRight');
    expect(notices()).toBe('<lora:x:1> was left out.');
  });

  it.each([
    ['Steps', '7.5', 'Steps must be a whole number from 1 to 150, not 7.5.'],
    ['Steps', '', 'Steps must be a number from 1 to 150.'],
    ['Steps', '1000000000', 'Steps must be from 1 to 150, not 1000000000.'],
    ['CFG scale', '0', 'CFG scale must be from 1 to 30, not 0.'],
    ['Width', '72', 'Width must be 64: this model paints no other size.'],
    ['Seed', '-2', 'Seed must be a whole number from 0 to 9007199254740991, or -1 for a random one.'],
  ])('%s of "%s": says so at the control, and Generate says why it does not go', (label, text, sentence) => {
    const { engine } = open();
    type(label, text);
    const field = control(label);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent).toBe(sentence);
    click('Generate');
    expect(alerts()).toContain(sentence);
    expect(engine.calls).not.toContain('generate');
    expect(field.value).toBe(text);
  });

  it('brings the person to the first wrong field, and takes the sentence away when it is right', async () => {
    open();
    type('Steps', '0');
    click('Generate');
    await vi.waitFor(() => expect(document.activeElement).toBe(control('Steps')));
    type('Steps', '2');
    expect(alerts()).toBe('');
    expect(control('Steps').hasAttribute('aria-invalid')).toBe(false);
  });

  it('says in the title how far it is', async () => {
    open('700');
    press('Enter', { ctrlKey: true }, control('Prompt'));
    await vi.waitFor(() => expect(document.title).toMatch(/Step \d of 3/), { timeout: 5000 });
  });

  it('shows progress with a value and words, and cancels by Esc', async () => {
    const { engine } = open('60');
    press('Enter', { ctrlKey: true }, control('Prompt'));
    await vi.waitFor(
      () =>
        expect(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuetext')).toMatch(/^Step 1 of 3/),
      { timeout: 5000, interval: 5 },
    );
    expect(Number(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow'))).toBeGreaterThanOrEqual(
      5,
    );
    press('Escape', {}, control('Prompt'));
    expect(engine.calls, 'whoever types does not mean the picture').not.toContain('cancel');
    press('Escape');
    expect(engine.calls).toContain('cancel');
    await vi.waitFor(() => expect(document.querySelector('[role=progressbar]')).toBeNull());
    expect(document.querySelector('p[role=status]')?.textContent).toBe('Cancelled');
    expect(picture()).toBeNull();
    click('Generate');
    await vi.waitFor(() => expect(picture()).not.toBeNull());
  });

  it('puts a second Generate in line, visibly', async () => {
    const { studio } = open('5');
    click('Generate');
    click('Generate');
    expect(pageText()).toContain('1 waiting');
    await vi.waitFor(() => expect(studio.gallery.pictures).toHaveLength(2));
    await vi.waitFor(() => expect(pageText()).not.toContain('waiting'));
  });

  it('says when the line is full', () => {
    open('1000');
    for (let i = 0; i < QUEUE_SIZE + 2; i += 1) button('Generate').click();
    flushSync();
    expect(alerts()).toContain(`${QUEUE_SIZE} requests are waiting already`);
    click('Cancel');
    expect(alerts()).toBe('');
  });

  it('shows an error where the picture would be, keeps the prompt, and tries again', async () => {
    open('0,generate:bad-file');
    type('Prompt', 'a cat');
    click('Generate');
    await vi.waitFor(() => expect(alerts()).toContain('A model file is damaged.'));
    expect(alerts()).toContain('tensor "conv_in.weight"');
    expect(control('Prompt').value).toBe('a cat');
    click('Try again');
    await vi.waitFor(() => expect(picture()).not.toBeNull());
    expect(alerts()).toBe('');
  });

  it('offers the CPU when the GPU fails', async () => {
    const { studio } = open('0,generate:device-lost');
    click('Generate');
    await vi.waitFor(() => expect(alerts()).toContain('The GPU went away'));
    click('Use the CPU instead');
    await vi.waitFor(() => expect(picture()).not.toBeNull());
    expect(studio.shown?.device.provider).toBe('wasm');
    expect(control('Compute with').value).toBe('wasm');
  });

  it('reports a model that does not load, and loads it again', async () => {
    const { studio } = open('0,load:missing-file');
    studio.warmUp();
    await vi.waitFor(() => expect(alerts()).toContain('A model file is missing.'));
    click('Reload the model');
    await vi.waitFor(() => expect(studio.engine.phase).toBe('ready'));
    expect(alerts()).toBe('');
  });

  it('says plainly when it is not WebGPU', async () => {
    const { studio } = open('0,cpu');
    studio.warmUp();
    await vi.waitFor(() =>
      expect(pageText()).toContain('WebGPU is not available in this browser. Runs without the GPU'),
    );
    await vi.waitFor(() => expect(pageText()).toContain('Ready on the CPU'));
  });

  it('walks the pictures with the arrow keys, but not while text is edited', async () => {
    const { studio } = open();
    for (const count of [1, 2]) {
      click('Generate');
      await vi.waitFor(() => expect(studio.gallery.pictures).toHaveLength(count));
    }
    press('ArrowRight', {}, control('Prompt'));
    expect(studio.gallery.chosen).toBeUndefined();
    press('ArrowRight');
    expect(studio.shown).toBe(studio.gallery.pictures[1]);
    press('ArrowLeft');
    expect(studio.shown).toBe(studio.gallery.pictures[0]);
  });

  it('weighs words of both prompts by Ctrl+Up and Ctrl+Down, and leaves other keys to the box', async () => {
    const { studio } = open();
    for (const label of ['Prompt', 'Negative prompt']) {
      type(label, 'a red cat');
      const box = control(label);
      box.setSelectionRange(3, 3);
      press('ArrowUp', { ctrlKey: true }, box);
      await vi.waitFor(() => expect(box.value).toBe('a (red:1.1) cat'));
      expect([box.selectionStart, box.selectionEnd]).toEqual([3, 6]);
      press('ArrowDown', {}, box);
      press('ArrowDown', { ctrlKey: true, shiftKey: true }, box);
      expect(box.value).toBe('a (red:1.1) cat');
    }
    expect([studio.settings.prompt, studio.settings.negativePrompt]).toEqual(['a (red:1.1) cat', 'a (red:1.1) cat']);
    press('ArrowDown', { metaKey: true }, control('Prompt'));
    await vi.waitFor(() => expect(studio.settings.prompt).toBe('a red cat'));
  });

  it('counts the tokens of both prompts, and tells a screen reader', async () => {
    const { studio } = open();
    studio.warmUp();
    type('Prompt', 'a red cat');
    const description = (label: string) =>
      document.getElementById(control(label).getAttribute('aria-describedby') ?? '')?.textContent?.trim();
    await vi.waitFor(() => expect(description('Prompt')).toBe('3/75 3 of 75 tokens'));
    await vi.waitFor(() => expect(description('Negative prompt')).toBe('0/75 0 of 75 tokens'));
  });

  it.each([1280, 390])('explains the syntax of prompts, on a page %i wide', async (width) => {
    open('0', { width });
    click('Prompt syntax');
    await vi.waitFor(() => expect(document.querySelector('[role=dialog]')?.textContent).toContain('(word:1.2)'));
  });

  it('lists the keys on ?', async () => {
    open();
    press('?', {}, control('Prompt'));
    expect(document.querySelector('[role=dialog]')).toBeNull();
    press('?');
    await vi.waitFor(() => expect(document.querySelector('[role=dialog]')?.textContent).toContain('Ctrl'));
  });

  it('keeps the settings, but not what the address decides for one visit', () => {
    const { store, studio } = open('0', { query: 'provider=wasm', stored: { provider: 'webgpu', prompt: 'old' } });
    expect(studio.settings.provider).toBe('wasm');
    type('Prompt', 'new');
    expect(store.read()).toMatchObject({ prompt: 'new', provider: 'webgpu' });
  });

  it('has the settings in a sheet on a phone, and opens it for what is wrong there', async () => {
    const { studio } = open('0', { width: 390 });
    expect(() => control('Steps')).toThrow();
    expect(document.activeElement).not.toBe(control('Prompt'));
    studio.settings.steps = 0;
    click('Generate');
    await vi.waitFor(() => expect(document.activeElement).toBe(control('Steps')));
  });
});
