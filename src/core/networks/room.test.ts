import { describe, expect, it } from 'vitest';
import { hopedBytes, lacksRoomForKernels, roomNote, type Given } from './room';

const GB = 1e9;

/** A gigabyte, and 4 for each million pixels. */
const memoryOf = (width: number, height: number) => {
  const peak = GB + (4 * GB * width * height) / 1024 ** 2;
  return {
    weightsBytes: GB,
    largestWeightsBytes: GB,
    activationBytes: peak - GB,
    attentionBytes: 0,
    largestBytes: 0,
    peakBytes: peak,
    peakInTurnBytes: peak,
  };
};

const note = (width: number, height: number, given: Given) => roomNote({ width, height, given, memoryOf });

describe('hopedBytes', () => {
  it.each<[string, Given, number | undefined]>([
    ['nothing where nothing is known', {}, undefined],
    ['one and a half of its largest buffers', { maxBufferBytes: GB }, 1.5 * GB],
    ['what a GPU of 8 GB has for us, where its buffers are as large as there', { maxBufferBytes: 2 * GB }, 6.5 * GB],
    [
      'a share of what its owner says it has, whatever its buffers',
      { maxBufferBytes: GB, memoryBytes: 24 * GB },
      19.5 * GB,
    ],
    ['little where its owner says so', { maxBufferBytes: 4 * GB, memoryBytes: 4 * GB }, 3.25 * GB],
    ['what it has painted, however small its buffers', { maxBufferBytes: 0.25 * GB, paintedBytes: 3 * GB }, 3 * GB],
    ['less than what it has refused', { maxBufferBytes: 4 * GB, refusedBytes: 5 * GB }, 5 * GB - 1],
    ['what it has painted although it once refused less', { paintedBytes: 6 * GB, refusedBytes: 5 * GB }, 6 * GB],
  ])('is %s', (_what, given, expected) => {
    expect(hopedBytes(given)).toBe(expected);
  });
});

describe('lacksRoomForKernels', () => {
  it('says so where the largest component would leave no room for activations', () => {
    expect(lacksRoomForKernels(1.44 * GB, { memoryBytes: 1.48 * GB })).toBe(true);
    expect(lacksRoomForKernels(1.44 * GB, { maxBufferBytes: GB })).toBe(true);
    expect(lacksRoomForKernels(1.44 * GB, { maxBufferBytes: 2 * GB })).toBe(false);
  });

  it('takes for granted that there is room where nothing is known', () => {
    expect(lacksRoomForKernels(10 * GB, {})).toBe(false);
  });
});

describe('roomNote', () => {
  it('says nothing where it fits, or nothing is known', () => {
    expect(note(4096, 4096, {})).toBeUndefined();
    expect(note(256, 256, { maxBufferBytes: GB })).toBeUndefined();
  });

  it('says what is needed, what the device gave so far, and what would fit', () => {
    expect(note(1536, 1536, { maxBufferBytes: GB, paintedBytes: 5 * GB })).toBe(
      '1536 × 1536 needs about 10 GB of GPU memory, by estimate; this GPU has given 5.0 GB so far. 1024 × 1024 should fit.',
    );
    expect(note(1536, 1536, { maxBufferBytes: 2 * GB })).toBe(
      '1536 × 1536 needs about 10 GB of GPU memory, by estimate; by its largest buffer this GPU has about 6.5 GB. 1152 × 1152 should fit.',
    );
    expect(note(1024, 1024, { paintedBytes: 2 * GB, refusedBytes: 5 * GB })).toMatch(
      /this GPU has given 2\.0 GB so far, and refused 5\.0 GB\. 960 × 960 should fit\.$/,
    );
  });

  it('names the memory that its owner told of', () => {
    expect(note(2048, 2048, { memoryBytes: 16 * GB })).toMatch(/of 16 GB a page can use about 13 GB/);
  });

  it('keeps the ratio of the sides', () => {
    expect(note(1536, 768, { maxBufferBytes: GB, paintedBytes: 3 * GB })).toMatch(/1024 × 512 should fit\.$/);
  });

  it('says so where no size fits', () => {
    expect(note(512, 512, { refusedBytes: GB })).toMatch(
      /No smaller size of it will fit either: choose a smaller model/,
    );
  });
});
