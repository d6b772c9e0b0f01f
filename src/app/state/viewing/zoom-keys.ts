/** Keys for the picture that is looked at: + and − enlarge and shrink, 0 fits, 1 is one to one, arrows move what was enlarged. */
import type { Zoom } from './zoom.svelte';

const ARROWS: Record<string, readonly [-1 | 0 | 1, -1 | 0 | 1]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Whether the key was one of them. */
export function zoomOnKey(event: KeyboardEvent, zoom: Zoom): boolean {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return false;
  if (usesKeys(event.target)) return false;
  const arrow = ARROWS[event.key];
  if (arrow && zoom.isZoomed && !opensMenu(event.target)) zoom.look(...arrow);
  else if (event.key === '+' || event.key === '=') zoom.step(1);
  else if (event.key === '-' || event.key === '_') zoom.step(-1);
  else if (event.key === '0') zoom.fit();
  else if (event.key === '1') zoom.trueSize();
  else return false;
  return true;
}

function usesKeys(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('input, textarea, select, [contenteditable], [role=menu]') !== null
  );
}

/** Arrows open its menu. */
function opensMenu(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[aria-haspopup]') !== null;
}

/** Whether keys are meant for the picture: only what lies on top of the page hears them. @param area  of the picture */
export function isOnTop(area: Element): boolean {
  const dialogs = [...document.querySelectorAll('[role=dialog]')];
  const top = dialogs.at(-1);
  return top === undefined || top.contains(area);
}
