/** Texts inside a link: readable where a link allows it. */

/** What encodeURIComponent escapes although it may stand in a fragment. A fragment has no second `#`, `?` or `=` to mistake. */
const READABLE: Readonly<Record<string, string>> = {
  '%20': '+',
  '%2C': ',',
  '%3A': ':',
  '%2F': '/',
  '%3B': ';',
  '%40': '@',
  '%3D': '=',
};

export function encodeText(text: string): string {
  // Halves of surrogate pairs have no bytes.
  const whole = text.replace(/\p{Surrogate}/gu, '\uFFFD');
  return encodeURIComponent(whole).replace(/%(?:20|2C|3A|2F|3B|40|3D)/g, (escape) => READABLE[escape]);
}

/** Undefined where an escape is damaged. */
export function decodeText(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
