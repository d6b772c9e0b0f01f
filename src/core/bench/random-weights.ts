/** Weights of a network that nobody trained: made when they are asked for, so that no model has to be fetched or stored. */
import { ELEMENT_BYTES, elementCount, exprTensors, NBITS_BLOCK, nbitsOf, type Weight } from '../graph';
import { floatToHalf } from '../math/half';
import { createPhiloxNoise } from '../noise/philox';

/** Numbers that every weight takes from, each from another place on. */
const POOL = 1 << 18;
/** Step in the pool from where one weight begins to the next: far enough that neighbours differ. */
const STRIDE = 7919 * 31;

export interface Distribution {
  mean: number;
  deviation: number;
}

/**
 * Gains of norms around 1, biases around 0; matrices and kernels so that a layer neither grows nor shrinks what it gets: then
 * activations stay finite in half precision.
 *
 * @param shape  as checkpoints store it, [out, in, ...]
 */
export function weightDistribution(name: string, shape: readonly number[]): Distribution {
  if (/embedding/.test(name) && !/(emb|embedding)s?\.(0|2|linear_\d)/.test(name)) return { mean: 0, deviation: 0.02 };
  if (shape.length < 2) return name.endsWith('weight') ? { mean: 1, deviation: 0.05 } : { mean: 0, deviation: 0.02 };
  return { mean: 0, deviation: 0.7 / Math.sqrt(elementCount(shape.slice(1))) };
}

/** Quants are spread evenly over all levels but the lowest, so that they are 0 on average: 127 up, 127 down; 7 and 7. */
const quantLevels = (bits: 4 | 8): number => 2 ** bits - 1;

/** Standard deviation of n levels that are one apart: √((n² − 1) / 12). */
const quantDeviation = (bits: 4 | 8): number => Math.sqrt((quantLevels(bits) ** 2 - 1) / 12);

function evenQuants(normal: Float32Array, bits: 4 | 8): Uint8Array {
  const level = (number: number): number => 1 + (Math.floor(Math.abs(number) * 65536) % quantLevels(bits));
  if (bits === 8) return Uint8Array.from(normal, level);
  return Uint8Array.from(normal, (number, i) => level(number) | (level(normal[(i + 1) % normal.length]) << 4));
}

/** @returns bytes of a weight, as `lazyGraph` asks for them; the same seed gives the same bytes in the same order */
export function createRandomWeights(seed = 1): (weight: Weight) => Uint8Array<ArrayBuffer> {
  const normal = new Float32Array(createPhiloxNoise(seed).next(POOL));
  const pools = new Map<string, Uint8Array<ArrayBuffer>>();
  let turn = 0;

  function pool(key: string, make: () => Float32Array | Uint16Array | Uint8Array): Uint8Array<ArrayBuffer> {
    let found = pools.get(key);
    if (!found) {
      found = new Uint8Array(make().buffer as ArrayBuffer);
      pools.set(key, found);
    }
    return found;
  }

  function take(from: Uint8Array<ArrayBuffer>, byteLength: number, elementBytes: number): Uint8Array<ArrayBuffer> {
    turn += 1;
    const start = ((turn * STRIDE) % POOL) * elementBytes;
    const bytes = new Uint8Array(byteLength);
    for (let at = 0, begin = start % from.length; at < byteLength; begin = 0) {
      const piece = from.subarray(begin, Math.min(from.length, begin + byteLength - at));
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  const numbers = ({ mean, deviation }: Distribution, isHalf: boolean): Uint8Array<ArrayBuffer> =>
    pool(`${mean} ${deviation} ${isHalf}`, () => {
      const values = new Float32Array(normal.map((value) => mean + deviation * value));
      return isHalf ? floatToHalf(values) : values;
    });

  return ({ value, expr, part }) => {
    const [{ name, shape }] = exprTensors([expr]);
    const { mean, deviation } = weightDistribution(name, shape);
    const elementBytes = ELEMENT_BYTES[value.type];
    const byteLength = elementBytes * elementCount(value.dims as number[]);
    const isHalf = value.type === 'float16';
    if (part === 'values') return take(numbers({ mean, deviation }, isHalf), byteLength, elementBytes);
    if (part.of === 'scales') {
      const scale = deviation / quantDeviation(nbitsOf(part.form));
      return take(numbers({ mean: scale, deviation: scale / NBITS_BLOCK }, isHalf), byteLength, elementBytes);
    }
    const bits = nbitsOf(part.form);
    return take(
      pool(`quants ${bits}`, () => evenQuants(normal, bits)),
      byteLength,
      1,
    );
  };
}
