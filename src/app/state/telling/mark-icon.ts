/** A dot on the tab's icon: pictures were finished while nobody looked. */

const MARKED = './icons/icon-done.svg';

/** The tab's icon as it was, by its element. */
const plain = new Map<HTMLLinkElement, string>();

export function markIcon(isMarked: boolean): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel=icon][type="image/svg+xml"]')) {
    const before = plain.get(link) ?? link.getAttribute('href') ?? '';
    plain.set(link, before);
    link.setAttribute('href', isMarked ? MARKED : before);
  }
}
