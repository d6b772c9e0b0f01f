/** The words of a file's name, in small letters: "dreamshaper_8LCM" is dreamshaper, 8, lcm. */
export interface Words {
  all: readonly string[];
  has(...any: string[]): boolean;
  /** "4steps", "4-step": 4. */
  steps: number | undefined;
}

/** Places where a name is parted: at what is no letter or digit, between letters and digits, and before a capital. */
const BETWEEN = /[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])/;

export function wordsOf(name: string): Words {
  const all = name
    .split(BETWEEN)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
  const at = all.findIndex((word, i) => /^steps?$/.test(word) && /^\d{1,2}$/.test(all[i - 1] ?? ''));
  return {
    all,
    has: (...any) => any.some((word) => all.includes(word)),
    steps: at < 0 ? undefined : Number(all[at - 1]),
  };
}
