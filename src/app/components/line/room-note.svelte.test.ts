import { flushSync, mount, unmount } from 'svelte';
import { expect, it } from 'vitest';
import type { RoomTiles } from '../../state/device/room-tiles.svelte';
import RoomNote from './RoomNote.svelte';

it('says why a picture is painted in tiles, and lets a person decline them', async () => {
  let isDeclined = $state(false);
  const room = {
    note: 'Too large.',
    tiles: { tiledMethod: 'multidiffusion' },
    get isUsed() {
      return !isDeclined;
    },
    set isDeclined(declined: boolean) {
      isDeclined = declined;
    },
  } as unknown as RoomTiles;
  const shown = mount(RoomNote, { target: document.body, props: { room } });
  flushSync();
  const said = () => document.querySelector('p')?.textContent;
  const box = document.querySelector<HTMLInputElement>('input[type="checkbox"]');
  expect([said(), box?.checked]).toEqual(['Too large. This one is painted in tiles.', true]);
  box?.click();
  flushSync();
  expect([said(), box?.checked, isDeclined]).toEqual(['Too large.', false, true]);
  await unmount(shown);
});
