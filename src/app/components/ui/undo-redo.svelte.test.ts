import { flushSync, mount, tick, unmount } from 'svelte';
import { expect, it } from 'vitest';
import UndoRedo from './UndoRedo.svelte';

it('hands the focus over where there is nothing more to undo, so that keys are heard', async () => {
  let done = $state(1);
  const editor = {
    get canUndo() {
      return done > 0;
    },
    get canRedo() {
      return done < 1;
    },
    undo: () => (done -= 1),
    redo: () => (done += 1),
  };
  const shown = mount(UndoRedo, { target: document.body, props: { editor } });
  flushSync();
  const [undo, redo] = document.querySelectorAll('button');
  for (const [pressed, other] of [
    [undo, redo],
    [redo, undo],
  ]) {
    pressed.focus();
    pressed.click();
    await tick();
    await tick();
    expect(document.activeElement).toBe(other);
  }
  await unmount(shown);
});
