/** The card of a model: what it can draw, what not, what it was made of. */
import { bundledPath, type ModelEntry } from '../../../core/catalog/catalog';
import { HUB } from '../../../core/catalog/hub-files';

/** Address of the page that describes a model, where there is one. */
export function cardAddress({ source, page }: Pick<ModelEntry, 'source' | 'page'>): string | undefined {
  if (page !== undefined) return page;
  return source.kind === 'hub' || source.kind === 'onnx' ? `${HUB}/${source.repo}` : undefined;
}

/** Path of the card that ships with a bundled model. */
export function cardPath(entry: Pick<ModelEntry, 'source'>): string | undefined {
  const folder = bundledPath(entry);
  return folder === undefined ? undefined : `${folder}MODEL_CARD.md`;
}

/**
 * @param baseUrl  of the folder the app is served from
 * @returns HTML of our own Markdown file; tags in it stay text
 * @throws where the file cannot be had
 */
export async function fetchCard(path: string, baseUrl: string): Promise<string> {
  const address = new URL(path, baseUrl);
  const [{ Marked }, answer] = await Promise.all([import('marked'), fetch(address)]);
  if (!answer.ok) throw new Error(`${path}: the server answered ${answer.status}`);
  const marked = new Marked({
    renderer: {
      html: ({ text }) => escaped(text),
      heading({ depth, tokens }) {
        // The sheet's own title is of level 2.
        const level = Math.min(6, depth + 1);
        return depth === 1 ? '' : `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
      },
      link({ href, tokens }) {
        const to = escaped(new URL(href, address).href);
        return `<a href="${to}" target="_blank" rel="noreferrer">${this.parser.parseInline(tokens)}</a>`;
      },
      image: ({ href, text }) => `<img src="${escaped(new URL(href, address).href)}" alt="${escaped(text)}" />`,
    },
  });
  return marked.parse(await answer.text(), { async: false });
}

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? sign);
}
