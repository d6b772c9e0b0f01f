/** Python's print of a dict is nearly JSON: `{'prompt': 'a cat', 'karras': True}`. */

const WORDS: readonly (readonly [python: string, json: string])[] = [
  ['True', 'true'],
  ['False', 'false'],
  ['None', 'null'],
  ['nan', 'null'],
  ['inf', 'null'],
];

/** As print shows numbers of other types. */
const CALLED_NUMBER = /float\('-?(?:nan|inf)'\)/g;

/** As JSON; undefined where there are no texts in single quotes. */
export function pythonToJson(written: string): string | undefined {
  if (!/^\s*[[{]/.test(written) || !written.includes("'")) return undefined;
  const text = written.replace(CALLED_NUMBER, 'None');
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const quote = text.charAt(at);
    if (quote === "'" || quote === '"') {
      const end = closingQuote(text, at, quote);
      if (end === undefined) return undefined;
      const inner = text.slice(at + 1, end);
      parts.push(
        quote === '"' ? text.slice(at, end + 1) : `"${inner.replace(/\\'/g, "'").replace(/(?<!\\)"/g, '\\"')}"`,
      );
      at = end + 1;
      continue;
    }
    const word = WORDS.find(([python]) => text.startsWith(python, at));
    if (quote === '(' || quote === ')') parts.push(quote === '(' ? '[' : ']');
    else parts.push(word ? word[1] : quote);
    at += word ? word[0].length : 1;
  }
  return parts.join('');
}

function closingQuote(text: string, start: number, quote: string): number | undefined {
  for (let i = start + 1; i < text.length; i++) {
    if (text.charAt(i) === '\\') i++;
    else if (text.charAt(i) === quote) return i;
  }
  return undefined;
}
