/** Whom the canvas leaves the focus to: where somebody types or chooses, the keys are not the canvas's. */
export const ownsKeys = (element: Element | null): boolean =>
  element instanceof HTMLInputElement ||
  element instanceof HTMLTextAreaElement ||
  element instanceof HTMLSelectElement ||
  (element instanceof HTMLElement && element.isContentEditable);
