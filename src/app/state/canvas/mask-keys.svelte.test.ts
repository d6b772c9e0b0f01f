/** Keys as browsers report them from keyboards where brackets need AltGr or Option. */
import { describe, expect, it } from 'vitest';
import type { MaskEditor } from './mask-editor.svelte';
import { maskKey, MASK_KEYS, type KeyView } from './mask-keys';

const view: KeyView = { fit: () => undefined, zoom: () => undefined };
const editor = () =>
  ({
    ...{ tool: 'brush', diameter: 10, mostDiameter: 100, softness: 0.5 },
    ...{ undo: () => undefined, redo: () => undefined, invert: () => undefined },
  }) as MaskEditor;

function press(key: string, { altGr = false, ...more }: Partial<KeyboardEvent> & { altGr?: boolean } = {}) {
  const event = {
    ...{ key, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, target: null, ...more },
    getModifierState: (name: string) => name === 'AltGraph' && altGr,
  } as unknown as KeyboardEvent;
  const pressed = editor();
  return { isMeant: maskKey(event, pressed, view), editor: pressed };
}

describe('maskKey', () => {
  it.each([
    ['plainly', {}],
    ['with AltGr, as Windows has it', { altKey: true, ctrlKey: true, altGr: true }],
    ['with AltGr, as Linux has it', { altGr: true }],
    ['with Option', { altKey: true }],
  ])('takes brackets typed %s', (_, how) => {
    expect(press(']', how).editor.diameter).toBe(12);
    expect(press('[', how).editor.diameter).toBe(8);
    expect(press('}', how).editor.softness).toBe(0.75);
    expect(press('{', how).editor.softness).toBe(0.25);
  });

  it('leaves letters with Alt or AltGr to the browser', () => {
    for (const how of [{ altKey: true }, { altGr: true }]) {
      const { isMeant, editor: pressed } = press('e', how);
      expect([isMeant, pressed.tool]).toEqual([false, 'brush']);
    }
  });

  it('knows every key of its list', () => {
    for (const { chords } of MASK_KEYS)
      for (const chord of chords) {
        const [key, ctrlKey] = chord.length === 2 ? [chord[1], true] : [chord[0], false];
        expect(press(key, { ctrlKey }).isMeant, chord.join('+')).toBe(true);
      }
  });
});
