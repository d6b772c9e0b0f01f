import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ModelEntry } from '../../../core/catalog';
import { cardAddress, cardPath, fetchCard } from './model-card';

afterEach(() => void vi.unstubAllGlobals());

const answer = (text: string, init?: ResponseInit): void =>
  void vi.stubGlobal('fetch', () => Promise.resolve(new Response(text, init)));

describe('the card of a model', () => {
  it('is a file of the app where the model is, and a page of the hub where it came from there', () => {
    const bundled: Pick<ModelEntry, 'source'> = { source: { kind: 'bundled', path: 'models/small/' } };
    const hub: Pick<ModelEntry, 'source'> = { source: { kind: 'hub', repo: 'a/b', revision: 'main', files: [] } };
    expect([cardPath(bundled), cardAddress(bundled)]).toEqual(['models/small/MODEL_CARD.md', undefined]);
    expect([cardPath(hub), cardAddress(hub)]).toEqual([undefined, 'https://huggingface.co/a/b']);
    expect(cardAddress({ source: { kind: 'imported' } })).toBeUndefined();
  });

  it('is made of its Markdown: headings below the sheet’s, tables, addresses made whole, tags as text', async () => {
    answer(
      '# Title\n\n## Part\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\na <b>tag</b>\n\n![of "it"](x.webp) [more](https://e.org/?a&b)',
    );
    const html = await fetchCard('models/small/MODEL_CARD.md', 'https://gesso.test/app/');
    expect(html).not.toContain('Title');
    expect(html).toContain('<h3>Part</h3>');
    expect(html).toMatch(/<td>1<\/td>/);
    expect(html).toContain('a &lt;b&gt;tag&lt;/b&gt;');
    expect(html).toContain('<img src="https://gesso.test/app/models/small/x.webp" alt="of &quot;it&quot;" />');
    expect(html).toContain('<a href="https://e.org/?a&amp;b" target="_blank" rel="noreferrer">more</a>');
  });

  it('says so where it cannot be had', async () => {
    answer('', { status: 404 });
    await expect(fetchCard('models/small/MODEL_CARD.md', 'https://gesso.test/')).rejects.toThrow(/404/);
  });
});
