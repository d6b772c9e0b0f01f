/** What workflows need in line: one place asks for it, for each such place costs the page's first scripts some bytes. */
export const fetchInLine = () => import('./in-line');
