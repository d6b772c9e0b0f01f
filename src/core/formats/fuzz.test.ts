/** Damaged files: each gives a result or an AppError, soon, and nothing is asked for that the file does not have. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../checkpoints';
import { concat } from '../bytes/concat';
import { encodeLatin1 as latin1, encodeUtf8 as utf8 } from '../bytes/text-bytes';
import { AppError } from '../errors';
import { bytesSource, openTensorFile, type ByteSource } from '.';
import { Chance, mutated } from './testing/mutations';
import { floatSafetensors } from './testing/safetensors-bytes';
import { pickled } from './testing/torch-bytes';

/** Longest that one file of these sizes may take: a hundred times what the slowest needs, so that only a hang is longer. */
const PATIENCE_MS = 2000;

/** Opens it, and says what came of it. */
async function outcome(
  bytes: Uint8Array,
  open: (source: ByteSource) => Promise<unknown>,
): Promise<'opened' | 'refused'> {
  // a read beyond the end is a RangeError, which is none of ours
  const source = bytesSource('x', bytes);
  const start = performance.now();
  try {
    await open(source);
    return 'opened';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.message.length > 1500) throw new Error(`a sentence of ${error.message.length} letters`, { cause: error });
    return 'refused';
  } finally {
    const ms = performance.now() - start;
    if (ms > PATIENCE_MS) expect(`${ms} ms for ${Buffer.from(bytes).toString('base64')}`).toBe('less');
  }
}

async function fuzz(
  count: number,
  make: (i: number, chance: Chance) => Uint8Array,
  open = openTensorFile as (source: ByteSource) => Promise<unknown>,
) {
  const counts = { opened: 0, refused: 0 };
  for (let i = 0; i < count; i++) counts[await outcome(make(i, new Chance(i)), open)]++;
  return counts;
}

describe('50 000 damaged .safetensors headers', () => {
  const pieces = [
    '"__proto__":',
    '-1',
    '1e308',
    '9007199254740993',
    '[[[[[[[[',
    '{"a":{"dtype":"F32"',
    '"__metadata__":{}',
    '\\ud800',
    '"F8_E4M3"',
    'null',
    ',,',
    '[0,0]',
    '4294967296',
    '"BOOL"',
    ' ',
    '"',
  ].map(utf8);
  const sound = [
    floatSafetensors({
      a: { shape: [2], values: [1, 2] },
      b: { shape: [2, 1], values: [3, 4] },
      c: { shape: [], values: [5] },
    }),
    floatSafetensors({
      'conv_in.weight': { shape: [1, 1, 1, 2], values: [1, 2] },
      __proto__: { shape: [0], values: [] },
    }),
    floatSafetensors({}),
  ];

  /** The header is damaged, its length is mostly true, and the data is there. */
  function damaged(i: number, chance: Chance): Uint8Array {
    const file = sound[i % sound.length];
    const length = new DataView(file.buffer).getUint32(0, true);
    const header = mutated(file.subarray(8, 8 + length), chance, pieces);
    const head = new Uint8Array(8);
    const claim = chance.below(10) === 0 ? chance.of([0, 2 ** 31, 2 ** 53, length - 1, length + 1]) : header.length;
    new DataView(head.buffer).setBigUint64(0, BigInt(claim), true);
    return concat([head, header, file.subarray(8 + length)]);
  }

  it('give a result or a sentence', async () => {
    const { opened, refused } = await fuzz(50_000, damaged);
    expect(opened).toBeGreaterThan(500);
    expect(refused).toBeGreaterThan(30_000);
  });
});

describe('5 000 damaged pickles and archives', () => {
  const fixture = (name: string): Uint8Array =>
    new Uint8Array(readFileSync(new URL(`./torch/fixtures/${name}`, import.meta.url)));
  const pieces = [
    'cos\nsystem\n',
    'R',
    '\x81',
    'b',
    'h\x00',
    'q\x00',
    '}',
    '(',
    'tR.',
    'u.',
    '\x8a\xff',
    'X\xff\xff\xff\x7f',
    'ctorch._utils\n_rebuild_tensor_v2\n',
    'PK\x05\x06',
    'PK\x01\x02',
    '\xff\xff\xff\xff',
    '\x00\x00\x00\x80',
  ].map(latin1);
  const files = ['zip.pt', 'lightning.pt', 'legacy.pt', 'protocol-2.pt', 'protocol-5.pt', 'evil-eval.pt'].map(fixture);
  /** Every instruction there is, with some that are none. */
  const INSTRUCTIONS =
    '(012N\x88\x89IJKMLFGSVTUXBC]lae)t}dsugjhpqrcRiobPQ.\x80\x81\x82\x85\x86\x87\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\xff';

  function program(chance: Chance): Uint8Array {
    const words = [
      'a',
      'torch\nSize\n',
      'collections\nOrderedDict\n',
      '\x01',
      '\x00',
      '12\n',
      "'x'\n",
      '\x02\x00\x00\x00ab',
    ];
    let code = '';
    for (let n = chance.below(60); n > 0; n--)
      code += INSTRUCTIONS[chance.below(INSTRUCTIONS.length)] + (chance.below(3) === 0 ? chance.of(words) : '');
    return pickled(`${code}.`);
  }

  it('give a result or a sentence', async () => {
    const { opened, refused } = await fuzz(5000, (i, chance) =>
      i % 4 === 3 ? program(chance) : mutated(files[i % files.length], chance, pieces),
    );
    expect(opened).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(2000);
  });
});

describe('500 checkpoints whose names and shapes are damaged', () => {
  const unet = [
    'conv_in.weight',
    'down_blocks.0.resnets.0.conv1.weight',
    'down_blocks.999999999.attentions.0.proj_in.weight',
    'down_blocks.-1.x.weight',
    'mid_block.attentions.0.transformer_blocks.77.attn2.to_k.weight',
  ];
  const ldm = [
    'model.diffusion_model.input_blocks.0.0.weight',
    'model.diffusion_model.input_blocks.1.0.in_layers.2.weight',
    'model.diffusion_model.input_blocks.99999999999.0.in_layers.2.weight',
    'first_stage_model.decoder.conv_in.weight',
    'first_stage_model.decoder.up.3.block.0.conv1.weight',
  ];
  const text = [
    'text_model.embeddings.token_embedding.weight',
    'text_model.encoder.layers.0.mlp.fc1.weight',
    'text_model.encoder.layers.4000000000.mlp.fc1.weight',
    'cond_stage_model.model.transformer.resblocks.3.attn.in_proj_weight',
    'conditioner.embedders.1.model.text_projection',
    '1.weight',
    '3.conv.0.weight',
    'v_pred',
    'emb_params',
  ];

  it('give a result or a sentence', async () => {
    const make = (_: number, chance: Chance): Uint8Array => {
      const tensors: Parameters<typeof floatSafetensors>[0] = {};
      for (let n = 1 + chance.below(8); n > 0; n--) {
        const shape = Array.from({ length: chance.below(5) }, () => chance.of([0, 1, 2, 3, 4, 8, 9, 32]));
        if (shape.reduce((a, b) => a * b, 1) > 4096) continue;
        tensors[chance.of(chance.of([unet, ldm, text]))] = {
          shape,
          values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 0),
        };
      }
      return floatSafetensors(tensors);
    };
    const { refused } = await fuzz(500, make, (source) => openCheckpoint([source]));
    expect(refused).toBeGreaterThan(300);
  });
});
