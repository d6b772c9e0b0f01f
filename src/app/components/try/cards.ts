/** What the templates have painted, small: addresses of pictures. */
const cards = import.meta.glob<string>('./cards/*.webp', { eager: true, query: '?url', import: 'default' });

/** @param id  of a template */
export const cardOf = (id: string): string | undefined => cards[`./cards/${id}.webp`];
