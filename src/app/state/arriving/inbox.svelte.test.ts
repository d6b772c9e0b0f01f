import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelEntry } from '../../../core/catalog';
import { textToImage } from '../../../core/comfyui/workflows/testing/graphs';
import { CATALOG } from '../../testing/catalog';
import { storedLora } from '../../testing/stored-lora';
import { openPage, type TestPage } from '../../testing/page';
import { makeBlobsReadable } from '../../testing/readable-blobs';

makeBlobsReadable();

let page: TestPage;
afterEach(() => page.close());
beforeEach(async () => {
  document.body.replaceChildren();
  page = openPage('0', { stored: { prompt: 'a cat' } });
  await page.studio.start();
});

const INFOTEXT = `a dog
Negative prompt: bad
Steps: 9, Sampler: Euler a, Schedule type: Karras, CFG scale: 5, Seed: 12, Size: 64x64, Model: Large, Clip skip: 2, Odd key: kept, Version: v1.10.1`;

describe('Inbox', () => {
  it('leaves words where the caret is, and catches a whole recipe', async () => {
    const incoming = await page.studio.inbox.openReader();
    expect(incoming.openText('a dog, running: fast')).toBe(false);
    expect(incoming.openText('{"nodes": [{"id": "a", "type": "x"}], "edges": []}')).toBe(false);
    expect(incoming.openText(INFOTEXT)).toBe(true);
    const lines = Object.fromEntries(incoming.changes.map(({ label, to }) => [label, to]));
    expect(lines).toMatchObject({ Prompt: 'a dog', Steps: '9', Sampler: 'Euler a', Seed: '12', 'Clip skip': '2' });
  });

  it('opens a pasted workflow as a graph, or beside its recipe', async () => {
    const incoming = await page.studio.inbox.openReader();
    expect(incoming.openText('{"1": {"class_type": "Mystery", "inputs": {}}}')).toBe(true);
    await vi.waitFor(() => expect(incoming.graph?.name).toBe('Pasted workflow.json'));
    expect(incoming.openText(JSON.stringify(textToImage()))).toBe(true);
    expect(incoming.changes.map(({ label }) => label)).toContain('Prompt');
    await incoming.showGraph();
    await vi.waitFor(() => expect(incoming.graph?.analysis?.nodes).toBe(7));
  });

  it('takes over what is ticked, keeps unknown keys, and undoes it in one step', async () => {
    const { studio } = page;
    const before = studio.settings.toSnapshot();
    expect(await studio.inbox.takeText(INFOTEXT)).toBe(true);
    const incoming = await studio.inbox.openReader();
    incoming.setTaken('seed', false);
    incoming.apply();
    expect(incoming.isOpen).toBe(false);
    expect([studio.settings.prompt, studio.settings.seed, studio.settings.extras]).toEqual([
      'a dog',
      -1,
      { 'Odd key': 'kept' },
    ]);
    expect(studio.settings.advanced.get('clipSkip')).toBe(2);
    expect(studio.form.news).toBe('Recipe taken over');
    studio.form.undo();
    expect(studio.settings.toSnapshot()).toEqual(before);
    studio.form.redo();
    expect(studio.settings.prompt).toBe('a dog');
  });

  describe('a model of the catalogue that is not here', () => {
    const far: ModelEntry = {
      ...CATALOG.models[1],
      ...{ id: 'far', name: 'Far', source: { kind: 'hub', repo: 'a/far', revision: 'main', files: ['x'] } },
    };
    const text = INFOTEXT.replace('Model: Large', 'Model: far.safetensors').replace('64x64', '512x768');

    it('is named; its size is not ticked where the one at hand cannot paint that, and taken where it is', async () => {
      const { studio, library } = page;
      library.show({ entries: [far] });
      const incoming = await studio.inbox.openReader();
      const { defaults } = studio.settings.model;
      expect(incoming.openText(text)).toBe(true);
      expect(incoming.wantedModel).toBe('far');
      expect(incoming.notes.slice(0, 2).map(({ message }) => message)).toEqual([
        'Not in your library: far.safetensors; get Far under Models.',
        'Its size is not ticked: Small cannot paint that.',
      ]);
      expect(['width', 'height', 'steps'].map((key) => incoming.isTaken(key))).toEqual([false, false, true]);
      incoming.apply();
      expect([studio.settings.width, studio.settings.steps]).toEqual([defaults.width, 9]);
      incoming.openText(text);
      incoming.setTaken('width', true);
      incoming.apply();
      expect([studio.settings.width, studio.settings.height]).toEqual([512, defaults.height]);
    });

    it('is taken with all of its recipe once it is here, where the form was left as it is', async () => {
      const { studio, library } = page;
      library.show({ entries: [far] });
      const incoming = await studio.inbox.openReader();
      incoming.openText(text);
      incoming.setTaken('seed', false);
      incoming.apply();
      expect(incoming.isModelHere).toBe(false);
      await library.download(far);
      await vi.waitFor(() => expect(studio.settings.model.id).toBe('far'));
      const { width, height, steps, seed } = studio.settings;
      expect([width, height, steps, seed]).toEqual([512, 768, 9, -1]);
      expect(studio.form.news).toBe('Far is here: its recipe is taken over with it');
    });

    it('is left alone once it is here where the form has been changed', async () => {
      const { studio, library } = page;
      library.show({ entries: [far] });
      const incoming = await studio.inbox.openReader();
      incoming.openText(text);
      incoming.apply();
      studio.settings.prompt = 'something else';
      await library.download(far);
      flushSync();
      expect([studio.settings.model.id, studio.settings.prompt]).toEqual([CATALOG.models[0].id, 'something else']);
    });

    it('keeps its size in a link, which is for that model', async () => {
      const { studio, library } = page;
      library.show({ entries: [far] });
      expect(await studio.inbox.takeLink('https://x.test/#p=a+bird&z=512x768&m=far&v=1')).toBe(true);
      expect([studio.settings.width, studio.settings.height]).toEqual([512, 768]);
      expect(studio.inbox.linkNotes.map(({ message }) => message)).toEqual([
        'Not in your library: far; get Far under Models.',
      ]);
    });

    it('leaves the picture as large as the one at hand can have it', async () => {
      const { studio } = page;
      studio.settings.advanced.set('enlarger', 'realesr-animevideov3-x4');
      const incoming = await studio.inbox.openReader();
      incoming.openText(text.replace('far.safetensors', 'unheard-of'));
      expect(incoming.changes.map(({ key }) => key)).toContain('enlarger');
      expect(incoming.isTaken('enlarger')).toBe(false);
      incoming.openText(text.replace('far.safetensors', 'unheard-of').replace('512x768', '64x64'));
      expect(incoming.isTaken('enlarger')).toBe(true);
    });
  });

  it('fills the form from a link, begins nothing, and says which model is missing', async () => {
    const { studio, engine } = page;
    const calls = engine.calls.length;
    expect(await studio.inbox.takeLink('https://x.test/#p=a+bird&seed=3&m=unheard-of&mh=0123456789&v=1')).toBe(true);
    expect([studio.settings.prompt, studio.settings.seed]).toEqual(['a bird', 3]);
    expect(studio.inbox.linkNotes[0]?.message).toMatch(/Not in your library: unheard-of \[0123456789\]/);
    expect(engine.calls.slice(calls)).not.toContain('generate');
    expect(await studio.inbox.takeLink('https://x.test/#section-2')).toBe(false);
  });

  it('finds LoRAs by their hashes under other names, makes tags of others, and says which are missing', async () => {
    const { studio, library } = page;
    library.show({ adapters: [storedLora('ink')] });
    const [own] = studio.library.adapters;
    const text = `a dog <lora:Ink Wash:0.8> <lora:gone:1>
Steps: 9, Sampler: Euler a, CFG scale: 5, Seed: 12, Size: 64x64, Lora hashes: "Ink Wash: ${own.hashes.addnet?.slice(0, 12)}, gone: 0123456789ab", Version: v1.10.1`;
    expect(await studio.inbox.takeText(text)).toBe(true);
    const incoming = await studio.inbox.openReader();
    expect(incoming.changes[0].to).toBe('a dog <lora:ink:0.8> <lora:gone:1>');
    expect(incoming.notes.map(({ message }) => message).join()).toMatch(/This LoRA is not here: gone \[0123456789ab\]/);
    incoming.open({
      form: 'json',
      notes: [],
      recipe: { prompt: 'b', negativePrompt: '', loras: [{ name: 'ink', unet: 0.5, text: 1 }] },
    });
    incoming.apply();
    expect(studio.settings.prompt).toBe('b <lora:ink:1:0.5>');
  });

  it('says in one sentence why a file is not taken', async () => {
    const { studio } = page;
    const bad = { name: 'x.csv', text: () => Promise.resolve('a,b') } as File;
    await studio.inbox.takeFiles([bad]);
    expect(studio.said).toMatch(/^x\.csv: The styles file must begin with/);
    const noise = { name: 'n.png', size: 3, arrayBuffer: () => Promise.resolve(new Uint8Array([0, 1, 2]).buffer) };
    await studio.inbox.takeFiles([noise as unknown as File]);
    await vi.waitFor(() => expect(studio.said).toBe('n.png is neither a picture nor a text that can be read.'));
  });

  describe('several files at once', () => {
    /** jsdom's files cannot be read. */
    const holding = (name: string, bytes: Uint8Array<ArrayBuffer>): File => {
      const file = new File([], name);
      file.arrayBuffer = () => Promise.resolve(bytes.buffer);
      return file;
    };
    const recipe = (name: string, prompt: string): File =>
      holding(name, new TextEncoder().encode(`${prompt}\nSteps: 3, Sampler: Euler, Seed: 1, Size: 64x64`));

    it('are shown one after another; what cannot be read is told and passed', async () => {
      const { studio } = page;
      const noise = holding('n.png', new Uint8Array([0, 1, 2]));
      const [first, last] = [recipe('a.txt', 'a fish'), recipe('b.txt', 'a bird')];
      await studio.inbox.takeFiles([noise, first, last]);
      const { incoming } = studio.inbox;
      expect(studio.said).toMatch(/^n\.png is neither/);
      expect([incoming?.place, incoming?.together.length]).toEqual([2, 3]);
      const prompts = (): string[] => incoming?.changes.filter(({ key }) => key === 'prompt').map(({ to }) => to) ?? [];
      expect(prompts()).toEqual(['a fish']);
      await incoming?.openNext();
      expect(prompts()).toEqual(['a bird']);
      await incoming?.openNext();
      expect(prompts(), 'round again').toEqual(['a fish']);
      incoming?.dismiss();
      expect(incoming?.together).toEqual([]);
    });

    it('are shown under their own numbers, however long one takes to be read', async () => {
      const { studio } = page;
      const [first, slow, last] = [recipe('a.txt', 'a fish'), recipe('b.txt', 'a whale'), recipe('c.txt', 'a bird')];
      const bytes = await slow.arrayBuffer();
      let finish: (() => void) | undefined;
      slow.arrayBuffer = () => new Promise((resolve) => (finish = () => resolve(bytes)));
      await studio.inbox.takeFiles([first, slow, last]);
      const { incoming } = studio.inbox;
      const shown = () => [incoming?.place, incoming?.changes.find(({ key }) => key === 'prompt')?.to];
      const once = incoming?.openNext();
      await vi.waitFor(() => expect(finish).toBeDefined());
      expect(shown(), 'while it is read').toEqual([1, 'a fish']);
      await incoming?.openNext();
      expect(shown()).toEqual([3, 'a bird']);
      finish?.();
      await once;
      expect(shown(), 'the slow one is for nobody').toEqual([3, 'a bird']);
      expect(await studio.inbox.takeText('a cow\nSteps: 3, Sampler: Euler, Seed: 1, Size: 64x64')).toBe(true);
      expect([shown()[1], incoming?.together], 'came alone').toEqual(['a cow', []]);
      incoming?.dismiss();
    });

    it('are not dropped without a word when one is taken', async () => {
      const { studio } = page;
      await studio.inbox.takeFiles([recipe('a.txt', 'a fish'), recipe('b.txt', 'a bird')]);
      studio.inbox.incoming?.apply();
      expect(studio.form.news).toBe('Recipe taken over. 2 files came together: drop the others again to see them.');
      expect(studio.form.last?.what, 'what Undo takes back').toBe('Recipe taken over');
    });

    it('are models and what lies beside them, or all styles of several files', async () => {
      const { studio } = page;
      const imported = vi.spyOn(studio.library, 'importFiles').mockResolvedValue(undefined);
      const files = ['a.safetensors', 'a.png', 'b.safetensors'].map((name) => new File(['x'], name));
      await studio.inbox.takeFiles(files);
      expect(imported).toHaveBeenCalledWith(files);
      const styles = ['Oil', 'Ink'].map((name) => {
        const file = new File([], `${name}.csv`);
        file.text = () => Promise.resolve(`name,prompt,negative_prompt\n${name},x,`);
        return file;
      });
      await studio.inbox.takeFiles(styles);
      expect(studio.shelf.styles.map(({ name }) => name)).toEqual(expect.arrayContaining(['Oil', 'Ink']));
    });
  });

  it('puts a style into both prompts', () => {
    const { studio } = page;
    studio.inbox.useStyle({ name: 'Oil', prompt: 'oil of {prompt}', negativePrompt: 'photo' });
    expect([studio.settings.prompt, studio.settings.negativePrompt]).toEqual(['oil of a cat', 'photo']);
    expect(studio.form.undoesText('prompt', 'oil of a cat')).toBe(true);
    expect(studio.form.undoesText('prompt', 'oil of a cat!')).toBe(false);
  });
});
