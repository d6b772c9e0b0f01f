/** Colours as inputs write them. */
import type { Colour } from '../../../core/image/paste';

/** @param hex  "#rrggbb", as colour inputs have it */
export function toColour(hex: string): Colour {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export function toHex(colour: Colour): string {
  return `#${colour.map((level) => level.toString(16).padStart(2, '0')).join('')}`;
}

/** Colours to begin with, by names that a screen reader says. */
export const SWATCHES = [
  ['#000000', 'Black'],
  ['#ffffff', 'White'],
  ['#808080', 'Grey'],
  ['#e53935', 'Red'],
  ['#fb8c00', 'Orange'],
  ['#fdd835', 'Yellow'],
  ['#43a047', 'Green'],
  ['#1e88e5', 'Blue'],
  ['#8e24aa', 'Purple'],
  ['#6d4c41', 'Brown'],
] as const;
