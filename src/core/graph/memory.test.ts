/** Memory of small graphs, counted by hand. */
import { describe, expect, it } from 'vitest';
import {
  addTo,
  attention,
  conv,
  fromNchw,
  GraphBuilder,
  graphMemory,
  imageToTokens,
  relu,
  reshapeTo,
  tensor,
  tokensToImage,
  type Activations,
  type BuiltGraph,
  type Value,
} from '.';

const bindings = { batch: 2, tokens: 5, height: 4, width: 6 };

/** x → relu → relu → … */
function chain(length: number, activations: Activations = 'float32'): BuiltGraph {
  const g = new GraphBuilder('g', { target: 'webgpu', activations });
  let x = g.input('x', 'float32', ['batch', 16]);
  for (let i = 0; i < length; i++) x = relu(g, x);
  g.output('y', x);
  return g.build();
}

describe('graphMemory', () => {
  const ROW = 2 * 16 * 4; // [batch, 16] in float32

  it('of a chain is two values at a time: what is read, and what is written', () => {
    for (const length of [1, 2, 7]) expect(graphMemory(chain(length), { bindings }).liveBytes).toBe(2 * ROW);
  });

  it('follows the batch', () => {
    expect(graphMemory(chain(3), { bindings: { ...bindings, batch: 10 } }).liveBytes).toBe(10 * ROW);
  });

  it('in half precision casts at both ends: 1 1/2 values there, 1 within', () => {
    expect(graphMemory(chain(5, 'float16'), { bindings }).liveBytes).toBe(1.5 * ROW);
  });

  it('takes no more buffers than are alive where all are of one size', () => {
    for (const length of [1, 3, 40]) expect(graphMemory(chain(length), { bindings }).pooledBytes).toBe(2 * ROW);
  });

  it('keeps a buffer that is too small for the next value, and gives back large ones when they were sent', () => {
    const at = (columns: number, before: number): number => {
      const g = new GraphBuilder('g', 'webgpu');
      let x = g.input('x', 'float32', ['batch', columns]);
      for (let i = 0; i < before; i++) x = relu(g, x);
      const longer = g.node('Concat', {
        inputs: [x, x],
        attributes: { axis: 1 },
        outputs: [['batch', 2 * columns]],
      })[0];
      g.output('y', relu(g, longer));
      return graphMemory(g.build(), { bindings }).pooledBytes / (2 * columns * 4);
    };
    expect(at(16, 2)).toBe(6); // two rows, and two twice as long
    const large = 2 ** 24;
    expect(at(large, 2)).toBe(6);
    // one was sent when the second long one is made, and goes
    expect(at(large, 15)).toBe(5);
  });

  it('reuses no buffer of more than four times the size', () => {
    const g = new GraphBuilder('g', 'webgpu');
    const x = relu(g, g.input('x', 'float32', ['batch', 64]));
    const cut = (from: Value, columns: number): Value =>
      g.node('Slice', {
        inputs: [from, g.integers(0), g.integers(columns), g.integers(1), g.integers(1)],
        outputs: [['batch', columns]],
      })[0];
    g.output('y', relu(g, cut(cut(x, 16), 4)));
    const row = 2 * 4 * 4;
    expect(graphMemory(g.build(), { bindings }).pooledBytes).toBe((16 + 16 + 1 + 1) * row);
  });

  it('names the largest value', () => {
    expect(graphMemory(chain(3), { bindings }).largestBytes).toBe(ROW);
  });

  it('keeps a skip until it is read, and nothing that is not', () => {
    const g = new GraphBuilder('g', 'webgpu');
    const skip = relu(g, g.input('x', 'float32', ['batch', 16]));
    const y = relu(g, relu(g, skip));
    g.output('sum', addTo(g, y, skip));
    expect(graphMemory(g.build(), { bindings }).liveBytes).toBe(3 * ROW);
  });

  it('counts a value once under all the names that a reshape gives it, until the last of them is read', () => {
    const g = new GraphBuilder('g', 'webgpu');
    const x = relu(g, g.input('x', 'float32', ['batch', 16]));
    const seen = reshapeTo(g, x, ['batch', 4, 4], [0, 4, 4]);
    const other = relu(g, relu(g, x));
    g.output('y', addTo(g, reshapeTo(g, other, ['batch', 4, 4], [0, 4, 4]), seen));
    expect(graphMemory(g.build(), { bindings }).liveBytes).toBe(3 * ROW);
  });

  it('takes no memory for the transposes around a convolution, which the runtime leaves out', () => {
    const g = new GraphBuilder('g', 'webgpu');
    const x = relu(g, fromNchw(g, g.input('x', 'float32', ['batch', 4, 'height', 'width'])));
    g.output('y', conv(g, x, tensor('w', 8, 4, 3, 3), tensor('b', 8), { pads: [1, 1, 1, 1] }));
    const cells = 2 * 4 * 6;
    expect(graphMemory(g.build(), { bindings }).liveBytes).toBe(4 * (4 + 8) * cells);
  });

  describe('of attention', () => {
    const build = (): BuiltGraph => {
      const g = new GraphBuilder('g', 'webgpu');
      const image = fromNchw(g, g.input('x', 'float32', ['batch', 16, 'height', 'width']));
      const tokens = imageToTokens(g, image);
      const context = g.input('context', 'float32', ['batch', 'tokens', 16]);
      const mixed = attention(g, tokens, context, context, { heads: 2 });
      g.output('y', tokensToImage(g, mixed, image));
      return g.build();
    };
    const QUERIES = 2 * 4 * 6 * 16 * 4;
    const KEYS = 2 * 5 * 16 * 4;

    it('with a flash kernel is keys and values in another order', () => {
      const memory = graphMemory(build(), { bindings });
      expect(memory.attentionBytes).toBe(2 * KEYS);
      expect(memory.liveBytes).toBe(2 * QUERIES + KEYS + 2 * KEYS);
    });

    it('without one is its scores too: batch · heads · queries · keys', () => {
      const scores = 2 * 2 * (4 * 6) * 5 * 4;
      const memory = graphMemory(build(), { bindings, hasFlashAttention: false });
      expect(memory.attentionBytes).toBe(2 * QUERIES + 2 * KEYS + scores);
    });

    it('that is spelled out is its scores and the shares made of them', () => {
      const g = new GraphBuilder('g', 'webgpu');
      const scores = relu(g, g.input('x', 'float32', ['batch', 'tokens', 'tokens']));
      g.output('y', g.node('Softmax', { inputs: [scores], attributes: { axis: -1 }, outputs: [scores.dims] })[0]);
      expect(graphMemory(g.build(), { bindings }).attentionBytes).toBe(2 * Math.ceil((2 * 25 * 4) / 16) * 16);
    });
  });
});
