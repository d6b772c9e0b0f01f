import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { entryWithoutCatalog, type FoundModels, type ModelEntry } from '../../../core/catalog';
import { AppError } from '../../../core/errors';
import { button, click, openPage, type as typeInto, type TestPage } from '../../testing/page';
import { storedModel } from '../../testing/stored-model';

const FIELD = 'Name or address of a model';
let page: TestPage;
beforeEach(async () => {
  page = openPage('0');
  await page.studio.start();
  click('Models');
  await settle();
});
afterEach(() => page.close());

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve));
  flushSync();
};
const entry = (id: string): ModelEntry => ({
  ...entryWithoutCatalog(id, id, 'sd15', {
    source: { kind: 'hub', repo: `who/${id}`, revision: 'main', files: ['x.safetensors'] },
    downloadBytes: 2.1e9,
  }),
  licence: { name: 'mit', url: `https://huggingface.co/who/${id}` },
});
const results = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[aria-label=Result]')];
const article = (name: string) => document.querySelector<HTMLElement>(`article[aria-label="${name}"]`);

async function lookUp(found: FoundModels | AppError): Promise<void> {
  page.library.lookUp = () => (found instanceof AppError ? Promise.reject(found) : Promise.resolve(found));
  typeInto(FIELD, 'who/it');
  click('Add');
  await settle();
}

describe('adding a model by its address', () => {
  it('lists the only one there is, with size and source, and offers to get it on the spot', async () => {
    await lookUp({ title: 'who/it', choices: [{ name: 'it', entry: entry('it') }] });
    expect(page.library.calls).toEqual(['add it']);
    expect(results()[1]?.textContent).toMatch(/Added to the list\..*it, 2\.1 GB to download.*Get it/s);
    expect(document.activeElement).toBe(results()[1]);
    expect(article('it')?.textContent).toMatch(/2\.1 GB to download.*from huggingface\.co\/who\/it.*licence: mit/s);
    expect(document.querySelector<HTMLInputElement>('#field-address')?.value).toBe('');
    results()[1]?.querySelector('button')?.click();
    await settle();
    expect(page.library.calls).toContain('download it');
    expect(results()[1]?.textContent).toMatch(/it is on this computer\.\s*Use it/);
  });

  it('has one chosen of several, and names what cannot be used', async () => {
    const lora = { name: 'style.safetensors', byteLength: 2e6, problem: 'This is a LoRA for SDXL.' };
    const choices = [{ name: 'a.safetensors', entry: entry('a') }, { name: 'b.ckpt', entry: entry('b') }, lora];
    await lookUp({ title: 'who/it on Hugging Face', choices });
    expect(page.library.calls).toEqual([]);
    expect(results()[1]?.textContent).toMatch(
      /choose what to add.*Cannot be used \(1\).*style\.safetensors 2\.0 MB.*a LoRA for SDXL/s,
    );
    page.library.add = () => Promise.reject(new AppError('unsupported-model', 'a.safetensors: this is a LoRA.'));
    click('Add a.safetensors');
    await settle();
    expect(results()[1]?.querySelector('[role=alert]')?.textContent).toMatch(/this is a LoRA/);
    page.library.add = (entries) => {
      page.library.calls.push(`add ${entries.map(({ id }) => id).join(' ')}`);
      return Promise.resolve(entries);
    };
    click('Add b.ckpt');
    await settle();
    expect(page.library.calls).toEqual(['add b']);
    expect(results()[1]?.textContent).not.toMatch(/a\.safetensors/);
  });

  it('says that a model is in the list already, and gives another of the same name a place of its own', async () => {
    await lookUp({ title: 'x', choices: [{ name: 'it', entry: entry('it') }] });
    await lookUp({ title: 'x', choices: [{ name: 'it', entry: entry('it') }] });
    expect(results()[1]?.textContent).toMatch(/it is in the list already\./);
    const other = { ...entry('it'), source: { kind: 'url', url: 'https://x.org/it.ckpt' } as const };
    await lookUp({ title: 'x', choices: [{ name: 'it', entry: other }] });
    expect(page.library.calls).toEqual(['add it', 'add it-2']);
  });

  it.each([
    ['bad-address', /This address leads to no model\. No\./],
    ['missing-file', /Nothing usable is there\. No\./],
    ['not-allowed', /not given to everybody\. No\./],
    ['unsupported-model', /of a kind that Gesso does not run\. No\./],
  ] as const)('tells of %s under the field, and keeps what was typed', async (code, words) => {
    await lookUp(new AppError(code, 'No.'));
    expect(results()[1]?.querySelector('[role=alert]')?.textContent).toMatch(words);
    expect(results()[0]?.textContent?.trim()).toBe('');
    expect(document.activeElement).toBe(results()[1]);
    expect(document.querySelector<HTMLInputElement>('#field-address')?.value).toBe('who/it');
  });

  it('removes what was added and never got, at once, and takes that back', async () => {
    await lookUp({ title: 'x', choices: [{ name: 'it', entry: entry('it') }] });
    click('Remove it');
    expect(article('it')?.textContent).toMatch(/it was removed\./);
    await vi.waitFor(() => expect(document.activeElement?.textContent?.trim()).toBe('Undo'));
    click('Undo');
    await settle();
    expect(document.activeElement).toBe(article('it'));
    expect(page.library.calls).toEqual(['add it']);
    click('Remove it');
    page.studio.library.isOpen = false;
    await settle();
    expect(page.library.calls).toEqual(['add it', 'delete it']);
  });
});

describe('importing files', () => {
  it('tells under its buttons what went wrong, and what is here', async () => {
    page.library.importFiles = () => Promise.reject(new AppError('not-a-model', 'There is no model in readme.txt.'));
    await page.studio.library.importFiles([new File(['x'], 'readme.txt')]);
    await settle();
    expect(results()[0]?.querySelector('[role=alert]')?.textContent).toMatch(
      /This is not a model\. There is no model in/,
    );
    page.library.importFiles = () => Promise.resolve(['mine']);
    await page.studio.library.importFiles([new File(['x'], 'mine.ckpt')]);
    const stored = storedModel('mine', 'Mine');
    page.library.show({ models: [stored] });
    await settle();
    expect(results()[0]?.textContent).toMatch(/Mine is on this computer\./);
    click('Use Mine');
    expect(page.studio.settings.model.id).toBe('mine');
  });
});

describe('without a network', () => {
  it('offers nothing to get, says why, and begins again by itself', async () => {
    page.library.show({ entries: [entry('it')] });
    const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    window.dispatchEvent(new Event('offline'));
    flushSync();
    expect(article('it')?.textContent).toMatch(/No network/);
    expect([...document.querySelectorAll('article button')].some((node) => node.textContent?.includes('Get'))).toBe(
      false,
    );
    expect(button('Add').disabled).toBe(true);
    expect(document.body.textContent).toMatch(/There is no network/);
    online.mockReturnValue(true);
    window.dispatchEvent(new Event('online'));
    flushSync();
    expect(article('it')?.textContent).toMatch(/Get it/);
    online.mockRestore();
  });
});
