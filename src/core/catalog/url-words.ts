/** Words of an address's path, without their percent signs. */

/** The last word of a path. */
export function fileNameOf(path: string): string {
  return decode(path.slice(path.lastIndexOf('/') + 1));
}

/** What is not rightly encoded stays as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
