/** Where keys and the clipboard are the field's. */

/** A field that text goes into. */
export const isTyped = (target: EventTarget | null): boolean =>
  target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type !== 'checkbox');
