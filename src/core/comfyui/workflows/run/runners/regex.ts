/** Python's patterns as JavaScript has them, as far as they are the same but for spelling. */

/** Undefined where it is none, or has what is not to be had here. */
export function pythonPattern(pattern: string, flags: string): RegExp | undefined {
  const written = pattern
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replace(/\\A/g, '(?<![\\s\\S])')
    .replace(/\\Z/g, '(?![\\s\\S])');
  try {
    return new RegExp(written, flags);
  } catch {
    // Python lets strokes stand before letters and signs that mean nothing: without "u" so does this.
    return withoutUnicode(written, flags.replace('u', ''));
  }
}

function withoutUnicode(written: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(written, flags);
  } catch {
    return undefined;
  }
}

/** `\1` and `\g<name>` filled in with what was found; `\n` and `\t` are what they say. */
export function pythonReplacement(replace: string): (found: readonly unknown[]) => string {
  return (found) => {
    const last = found[found.length - 1];
    const names = typeof last === 'object' && last !== null ? (last as Record<string, string | undefined>) : {};
    return replace.replace(/\\(?:g<(\w+)>|(\d{1,2})|([nt\\]))/g, (_, name?: string, number?: string, sign?: string) => {
      if (sign !== undefined) return sign === 'n' ? '\n' : sign === 't' ? '\t' : '\\';
      const key = name ?? number ?? '0';
      return /^\d+$/.test(key) ? String(found[Number(key)] ?? '') : (names[key] ?? '');
    });
  };
}

/** Steps that a search may take in the worst case: about a second. */
const MOST_STEPS = 1e8;

/**
 * Whether a search could take longer than anybody waits: what repeats within a group that repeats, or several repetitions over a long text. A page
 * compiles graphs as they are opened, so that none may stop it.
 *
 * @param letters  of the text that is searched
 */
export function reachesTooFar(pattern: string, letters: number): boolean {
  const plain = pattern.replace(/\\./g, 'x').replace(/\[\^?\]?[^\]]*\]/g, 'x');
  const depths = [0];
  let repeats = 0;
  for (let at = 0; at < plain.length; at++) {
    const sign = plain[at];
    if (sign === '(') depths.push(0);
    if (sign === '|') depths[depths.length - 1] = 1;
    const isRepeat = sign === '*' || sign === '+' || /^\{\d*,\d*\}/.test(plain.slice(at));
    if (isRepeat) {
      repeats++;
      depths[depths.length - 1] = 1;
    }
    if (sign === ')' && depths.length > 1) {
      const inner = depths.pop() ?? 0;
      if (inner > 0 && /^[*+{]/.test(plain.slice(at + 1))) return true;
      depths[depths.length - 1] = Math.max(depths[depths.length - 1] ?? 0, inner);
    }
  }
  let steps = letters;
  for (let i = 1; i <= repeats; i++) steps *= letters / (i + 1);
  return steps > MOST_STEPS;
}
