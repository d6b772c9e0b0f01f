import { describe, expect, it } from 'vitest';
import { inspect } from './inspect';

interface Answer {
  weightsBytes: number;
  activationBytes: number;
  attentionBytes: number;
  peakBytes: number;
}

async function memory(line: string): Promise<Answer> {
  const { output, problem } = await inspect(['memory', ...line.split(' ')]);
  expect(problem).toBeUndefined();
  return JSON.parse(output ?? '') as Answer;
}

/** Published counts of text encoder, U-Net and decoder. */
const SD15_PARAMETERS = 123_060_480 + 859_520_964 + 49_490_199;

describe('memory', () => {
  it('has the weights of the published models', async () => {
    const half = await memory('sd15');
    expect(half.weightsBytes / (2 * SD15_PARAMETERS)).toBeCloseTo(1, 3);
    const full = await memory('sd15 --dtype float32');
    expect(full.weightsBytes / (4 * SD15_PARAMETERS)).toBeCloseTo(1, 3);
    const packed = await memory('sd15 --plan q4');
    expect(packed.weightsBytes).toBeLessThan(half.weightsBytes);
  });

  it('has the scores of a part of the autoencoder’s queries: cells squared over the parts, as they are and as shares', async () => {
    const parts = 64;
    for (const size of [512, 1024])
      expect((await memory(`sd15 --width ${size} --height ${size}`)).attentionBytes).toBe(
        (2 * 2 * (size / 8) ** 4) / parts,
      );
  });

  it('of a U-Net that writes its scores has those of its largest attention', async () => {
    const { attentionBytes } = await memory('sd15 --width 1024 --height 1024 --no-flash');
    const [batch, heads, cells, width] = [2, 8, 128 * 128, 320];
    expect(attentionBytes).toBe(2 * (batch * heads * cells ** 2 + 4 * batch * cells * width));
  });

  it('grows with the picture and with guidance, and is less in turn', async () => {
    const small = await memory('sdxl --width 512 --height 512');
    const wide = await memory('sdxl --width 1024 --height 512');
    expect(wide.activationBytes).toBeGreaterThan(1.9 * small.activationBytes);
    expect(wide.peakBytes).toBeGreaterThan(small.peakBytes);
    const [guided, alone] = [await memory('sd15 --no-flash'), await memory('sd15 --no-flash --batch 1')];
    expect(alone.peakBytes).toBeLessThan(guided.peakBytes);
    const inTurn = await memory('sdxl --width 512 --height 512 --in-turn');
    expect(inTurn.peakBytes).toBeLessThan(small.peakBytes);
    expect(inTurn.weightsBytes).toBeLessThan(small.weightsBytes);
  });

  it('is bounded by the tile, whatever the picture', async () => {
    const tile = 96;
    const own = await memory(`sd15 --width ${8 * tile} --height ${8 * tile}`);
    for (const size of [1024, 2048, 4096])
      expect(await memory(`sd15 --width ${size} --height ${size} --tile ${tile}`)).toEqual(own);
    const whole = await memory('sd15 --width 2048 --height 2048');
    expect(whole.activationBytes).toBeGreaterThan(6 * own.activationBytes);
  });

  it.each([
    ['sd3', /There is no family "sd3"; there are sd15,/],
    ['sd15 --width 500', /--width must be a multiple of 8, not 500/],
    ['sd15 --dtype int8', /--dtype must be float16 or float32/],
    ['sd15 --plan q3', /--plan must be one of float32, float16, q8, q4/],
  ])('refuses %s', async (line, problem) => {
    expect(await inspect(['memory', ...line.split(' ')])).toEqual({
      code: 2,
      problem: expect.stringMatching(problem) as string,
    });
  });
});
