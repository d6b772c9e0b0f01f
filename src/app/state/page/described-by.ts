/** Ties a control to the sentences beneath it, for screen readers. */

export interface FieldSentences {
  /** What is wrong. */
  problem?: string | undefined;
  /** What it is for, or what to know about it. */
  help?: string | undefined;
}

/** For `aria-describedby`; FieldNotes.svelte gives the sentences these ids. */
export function describedBy(id: string, { problem, help }: FieldSentences): string | undefined {
  const ids = [problem && `${id}-problem`, help && `${id}-help`].filter(Boolean);
  return ids.length > 0 ? ids.join(' ') : undefined;
}
