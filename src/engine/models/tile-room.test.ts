import { describe, expect, it } from 'vitest';
import type { DeviceReport } from '../api';
import { TileRoom } from './tile-room';

/** About that of Stable Diffusion's decoder in half precision. */
const memoryOf = ({ width, height }: { width: number; height: number }) => ({
  pooledBytes: width * height * 114_000,
  largestBytes: width * height * 32_768,
});
const gpu = (maxBufferBytes?: number): DeviceReport => ({ provider: 'webgpu', adapter: 'x', maxBufferBytes });
const square = (side: number) => ({ width: side, height: side });

/** Tiles, and the sides of one. */
function planned(room: TileRoom, side: number, device: DeviceReport): [number, number] {
  const tiles = room.plan(square(side), memoryOf, device);
  return [tiles.length, tiles[0].width];
}

describe('TileRoom', () => {
  it.each([
    ['1024 px on 1 GiB buffers', 128, gpu(2 ** 30), [4, 112]],
    ['1536 px on 2 GiB buffers', 192, gpu(2 ** 31), [1, 192]],
    ['2048 px where nothing is known', 256, gpu(), [1, 256]],
    ['2048 px on 2 GiB buffers: the largest is as large, and all are too many', 256, gpu(2 ** 31), [4, 192]],
    ['1536 px on 1 GiB buffers', 192, gpu(2 ** 30), [4, 112]],
    ['512 px on the least that WebGPU promises', 64, gpu(2 ** 27), [9, 32]],
  ])('plans %s', (_what, side, device, expected) => {
    expect(planned(new TileRoom(), side, device)).toEqual(expected);
  });

  it('takes the ratio of the picture', () => {
    const tiles = new TileRoom().plan({ width: 512, height: 96 }, memoryOf, gpu(2 ** 30));
    expect(tiles.map(({ x, width, height }) => [x, width, height])).toEqual([
      [0, 128, 96],
      [96, 128, 96],
      [192, 128, 96],
      [288, 128, 96],
      [384, 128, 96],
    ]);
  });

  it('takes smaller parts after each that found no room, to the smallest', () => {
    const room = new TileRoom();
    const sides: number[] = [];
    do sides.push(planned(room, 128, gpu())[1]);
    while (room.shrink());
    expect(sides).toEqual([128, 112, 96, 80, 64, 48, 32]);
    expect(planned(room, 64, gpu())[1]).toBe(32); // for the next picture, too
  });

  it('does not shrink for what broke elsewhere', () => {
    const room = new TileRoom();
    expect(room.shrink()).toBe(false);
    room.plan(square(128), memoryOf, gpu());
    room.done();
    expect(room.shrink()).toBe(false);
    expect(planned(room, 128, gpu())[1]).toBe(128);
  });
});
