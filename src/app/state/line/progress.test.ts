import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../../engine/api';
import { advanceProgress, progressFraction, progressText, startProgress } from './progress';

const STEPS = 8;
const flow: EngineEvent[] = [
  { type: 'stage', stage: 'encoding' },
  { type: 'stage', stage: 'denoising' },
  ...Array.from({ length: STEPS }, (_, i): EngineEvent => ({
    type: 'step',
    step: i + 1,
    steps: STEPS,
    secondsLeft: STEPS - 1 - i,
  })),
  { type: 'stage', stage: 'decoding' },
  { type: 'tile', tile: 1, tiles: 9 },
  { type: 'tile', tile: 9, tiles: 9 },
];
const states = flow.map((_, i) => flow.slice(0, i + 1).reduce(advanceProgress, startProgress(STEPS)));

it('says what is read: the prompt, or the tiles of a picture', () => {
  const texts = [{ type: 'stage', stage: 'encoding' } as const, { type: 'tile', tile: 2, tiles: 4 } as const].map(
    (_, i, all) => progressText(all.slice(0, i + 1).reduce(advanceProgress, startProgress(STEPS))),
  );
  expect(texts).toEqual(['Reading the prompt', 'Reading the picture, tile 2 of 4']);
});

describe('advanceProgress', () => {
  it('never goes back, and stays within the bar', () => {
    const fractions = states.map((state) => progressFraction(state) ?? NaN);
    for (const [i, fraction] of fractions.entries()) {
      expect(fraction).toBeGreaterThanOrEqual(fractions[i - 1] ?? 0);
      expect(fraction).toBeLessThan(1);
    }
  });

  it('keeps the last preview where a step brings none', () => {
    const preview = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
    const first = advanceProgress(startProgress(2), { type: 'step', step: 1, steps: 2, secondsLeft: 1, preview });
    expect(advanceProgress(first, { type: 'step', step: 2, steps: 2, secondsLeft: 0 }).preview).toBe(preview);
  });
});

describe('notices', () => {
  it('are kept, in order', () => {
    const messages = ['One was left out.', 'Another was left out.'];
    const end = messages.reduce(
      (progress, message) => advanceProgress(progress, { type: 'notice', message }),
      startProgress(2),
    );
    expect(end.notices).toEqual(messages);
  });
});

describe('progressText', () => {
  it('names each stage, the step and the time left', () => {
    expect(states.map((state) => progressText(state))).toEqual([
      'Reading the prompt',
      'Step 1 of 8',
      'Step 1 of 8, 7 s left',
      'Step 2 of 8, 6 s left',
      'Step 3 of 8, 5 s left',
      'Step 4 of 8, 4 s left',
      'Step 5 of 8, 3 s left',
      'Step 6 of 8, 2 s left',
      'Step 7 of 8, 1 s left',
      'Step 8 of 8',
      'Developing the picture',
      'Developing, tile 1 of 9',
      'Developing, tile 9 of 9',
    ]);
  });

  it('says which pass it is, and that it enlarges', () => {
    const events: EngineEvent[] = [
      { type: 'step', step: 4, steps: 4, secondsLeft: 0, pass: { pass: 1, passes: 2 } },
      { type: 'stage', stage: 'enlarging' },
      { type: 'tile', tile: 2, tiles: 3 },
      { type: 'stage', stage: 'denoising' },
      { type: 'step', step: 1, steps: 2, secondsLeft: 0, pass: { pass: 2, passes: 2 } },
    ];
    const seen = events.map((_, i) => events.slice(0, i + 1).reduce(advanceProgress, startProgress(4)));
    expect(seen.map((state) => progressText(state))).toEqual([
      'Step 4 of 4',
      'Enlarging the picture',
      'Enlarging, tile 2 of 3',
      'Step 4 of 4',
      'Pass 2 of 2, step 1 of 2',
    ]);
    expect(progressFraction(seen[0])).toBeCloseTo(0.05 + 0.87 / 2);
    expect(progressFraction(seen[4])).toBeCloseTo(0.05 + 0.87 * 0.75);
  });

  it('says how much of the model is there', () => {
    const loading = { type: 'loading', file: 'unet', loadedBytes: 12e6, totalBytes: 24.5e6 } as const;
    const state = advanceProgress(startProgress(1), loading);
    expect(progressText(state)).toBe('Loading the model, 12.0 MB of 24.5 MB');
    expect(progressFraction(state)).toBeCloseTo(12 / 24.5);
    const unknown = advanceProgress(startProgress(1), { ...loading, totalBytes: 0 });
    expect(progressText(unknown)).toBe('Loading the model, 12.0 MB');
    expect(progressFraction(unknown)).toBeUndefined();
  });
});
