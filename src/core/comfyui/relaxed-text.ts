/** JSON that people write by hand, made strict: still a text, so that numbers keep all their digits. */

/** A text or comment that is not closed reaches to the end: no such JSON is valid, and looking again at each quote within is slow. */
export const TEXTS_AND_COMMENTS =
  /"(?:\\[^]|[^"\\])*(?:"|\\?$)|'(?:\\[^]|[^'\\])*(?:'|\\?$)|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/g;

/** Outside of texts: no comments, no comma before a closing bracket, quotes around keys. */
export function relaxJson(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const { 0: token, index } of text.matchAll(TEXTS_AND_COMMENTS)) {
    parts.push(plain(text.slice(at, index)), token.startsWith('/') ? ' ' : token);
    at = index + token.length;
  }
  return withoutLastCommas([...parts, plain(text.slice(at))].join(''));
}

const plain = (piece: string): string => piece.replace(/(?<![\w$])([A-Za-z_$][\w$]*)(?![\w$])(?=\s{0,8}:)/g, '"$1"');

/** `, }` and `, ]`, where no text is open. */
function withoutLastCommas(text: string): string {
  return text.replace(/("(?:\\[^]|[^"\\])*(?:"|\\?$))|,(?=\s*[\]}])/g, (_, string: string | undefined) => string ?? '');
}
