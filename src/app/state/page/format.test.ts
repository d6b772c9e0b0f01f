import { describe, expect, it } from 'vitest';
import { formatBytes, formatCountdown, formatEstimate, formatPercent, formatSeconds } from './format';

describe('formatSeconds', () => {
  it.each([
    [0.04, '0.0 s'],
    [2.44, '2.4 s'],
    [9.96, '10 s'],
    [12.4, '12 s'],
    [59.6, '1 min 0 s'],
    [125, '2 min 5 s'],
    [3725, '1 h 2 min'],
  ])('writes %d as %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));
});

describe('formatCountdown', () => {
  it('rounds up and never says 0', () => {
    expect([0, 0.2, 1.2, 59.1].map(formatCountdown)).toEqual(['1 s', '1 s', '2 s', '1 min 0 s']);
  });
});

describe('formatEstimate', () => {
  it.each([
    [44.2, '45 s'],
    [1067, '18 min'],
    [5300, '88 min'],
    [7300, '2 h'],
  ])('writes %d as %s', (seconds, text) => expect(formatEstimate(seconds)).toBe(text));
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [24_470_000, '24.5 MB'],
    [999_900_000, '1.0 GB'],
    [123_400_000_000, '123 GB'],
  ])('writes %d as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe('formatPercent', () => {
  it('says 100 only when all is there', () => {
    expect([0, 0.996, 1].map(formatPercent)).toEqual(['0 %', '99 %', '100 %']);
  });
});
