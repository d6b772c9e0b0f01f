import { expect, it } from 'vitest';
import { BLACK, drawn, WHITE } from './draw';

const SIZE = { width: 20, height: 20 };
const at = (picture: ReturnType<typeof drawn>, x: number, y: number): number => picture.data[4 * (y * 20 + x)];

it('fills boxes, discs and corners, later ones over earlier ones', () => {
  const picture = drawn(SIZE, WHITE, [
    { kind: 'box', from: [0, 0], to: [10, 20], colour: BLACK },
    { kind: 'disc', at: [5, 5], radius: [4, 4], colour: [90, 0, 0] },
    {
      kind: 'corners',
      of: [
        [12, 2],
        [18, 2],
        [12, 18],
      ],
      colour: [40, 0, 0],
    },
  ]);
  expect([at(picture, 2, 15), at(picture, 5, 5), at(picture, 9, 9), at(picture, 13, 4), at(picture, 17, 16)]).toEqual([
    0, 90, 0, 40, 255,
  ]);
  expect(picture.data.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
});

it('draws lines as wide as they are told, their edges half covered', () => {
  const picture = drawn(SIZE, BLACK, [
    {
      kind: 'line',
      through: [
        [2, 10.5],
        [18, 10.5],
      ],
      width: 4,
      colour: WHITE,
    },
  ]);
  expect([7, 8, 9, 10, 11, 12, 13].map((y) => at(picture, 10, y))).toEqual([0, 128, 255, 255, 255, 128, 0]);
});
