import { flushSync, mount, unmount } from 'svelte';
import { expect, it, vi } from 'vitest';
import type { RoomTiles } from '../../state/device/room-tiles.svelte';
import type { Studio } from '../../state/studio.svelte';
import RoomPlace from './RoomPlace.svelte';

it('says why a picture is painted in tiles, and lets a person decline them by a box beside what is said', async () => {
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
  const shown = mount(RoomPlace, {
    target: document.body,
    props: { studio: { roomTiles: room } as unknown as Studio },
  });
  await vi.waitUntil(() => document.querySelector('input'), 30_000);
  const said = () => document.querySelector('[role=status]')?.textContent.trim();
  const box = document.querySelector<HTMLInputElement>('input[type="checkbox"]');
  expect([said(), box?.checked]).toEqual(['Too large. This one is painted in tiles.', true]);
  box?.click();
  flushSync();
  expect([said(), box?.checked, isDeclined]).toEqual(['Too large.', false, true]);
  await unmount(shown);
});
