/** Writes a checkpoint of a published model's exact layout, full of random numbers that keep activations finite. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { weightDistribution } from '../../src/core/bench';
import { readFixture, type Shapes } from '../../src/core/checkpoints/testing/layouts';
import { safetensorsBytes } from '../../src/core/formats/testing/safetensors-bytes';
import { createPhiloxNoise } from '../../src/core/noise/philox';
import { floatToHalf } from '../../src/core/math/half';

export type FullSizeModel = 'sd15' | 'sd21' | 'sdxl';

/** Normal numbers that every tensor takes from, at another place. */
const POOL = 1 << 22;
/** Numbers written at a time. */
const PIECE = 1 << 20;
const BYTES = 2;

/**
 * The single-file layout in float16: names and shapes as diffusers' own conversion has them.
 * @returns bytes written
 */
export async function makeCheckpoint(model: FullSizeModel, path: string): Promise<number> {
  const { stored } = readFixture<Record<FullSizeModel, { stored: Shapes }>>('full-size.json.gz')[model];
  const pool = createPhiloxNoise(1).next(POOL);
  const file = createWriteStream(path);
  let written = 0;
  const write = async (bytes: Uint8Array): Promise<void> => {
    written += bytes.length;
    if (!file.write(bytes)) await once(file, 'drain');
  };
  await write(header(stored));
  let seed = 0;
  for (const [name, shape] of Object.entries(stored)) {
    const numbers = weightDistribution(name, shape);
    let at = (seed += 7919 * 31) % POOL;
    for (let left = countOf(shape); left > 0; left -= PIECE) {
      const piece = new Float32Array(Math.min(PIECE, left));
      for (let i = 0; i < piece.length; i++, at = (at + 1) % POOL)
        piece[i] = numbers.mean + numbers.deviation * pool[at];
      await write(new Uint8Array(floatToHalf(piece).buffer));
    }
  }
  file.end();
  await once(file, 'finish');
  return written;
}

const countOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

function header(shapes: Shapes): Uint8Array {
  let end = 0;
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const begin = end;
    end += BYTES * countOf(shape);
    return [name, { dtype: 'F16', shape, data_offsets: [begin, end] }];
  });
  return safetensorsBytes(Object.fromEntries(entries), new Uint8Array());
}
