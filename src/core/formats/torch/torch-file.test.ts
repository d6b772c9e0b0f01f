import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readStored } from '../../checkpoints/stored-tensor';
import { bytesSource, openTensorFile, type TensorFile } from '..';
import { AppError } from '../../errors';
import { pickled, zipped } from '../testing/torch-bytes';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`./fixtures/${name}`, import.meta.url)));
const open = (bytes: Uint8Array) => openTensorFile(bytesSource('model.ckpt', bytes));

/** What torch has (tools/fixtures/make_torch_files.py). */
const expected = JSON.parse(new TextDecoder().decode(fixture('expected.json'))) as Record<
  string,
  Record<string, { shape: number[]; values: number[] }>
>;

async function read(file: TensorFile, key: string): Promise<number[]> {
  const entry = file.tensors.get(key);
  if (!entry) throw new Error(`no ${key}`);
  if (entry.dtype === 'I64') {
    const bytes = await file.source.read(entry.offset, entry.byteLength);
    return [...new BigInt64Array(bytes.buffer)].map(Number);
  }
  return [...(await readStored({ file, key, entry, shape: entry.shape }))];
}

describe('openTensorFile of torch files', () => {
  it.each(['zip', 'lightning', 'legacy'])('reads every tensor of %s.pt as torch does', async (name) => {
    const file = await open(fixture(`${name}.pt`));
    expect([...file.tensors.keys()]).toEqual(Object.keys(expected[name]));
    for (const [key, { shape, values }] of Object.entries(expected[name])) {
      expect(file.tensors.get(key)?.shape).toEqual(shape);
      expect([key, await read(file, key)]).toEqual([key, values]);
    }
  });

  it.each([2, 4, 5])('reads pickles of protocol %i', async (protocol) => {
    const file = await open(fixture(`protocol-${protocol}.pt`));
    expect(await read(file, 'a')).toEqual([0, 0.25, 0.5, 0.75]);
    expect(await read(file, 'b')).toEqual([2, 2]);
  });

  it.each([
    ['evil-os.pt', 'os.system'],
    ['evil-eval.pt', 'builtins.eval'],
    ['evil-unknown.pt', 'json.loads'],
    ['evil-bare.pt', 'os.system'],
    ['evil-text.pt', 'os.system'],
  ])('refuses %s, which holds code', async (name, code) => {
    const error = await open(fixture(name)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'bad-file',
      message: `model.ckpt: this file holds code (${code}): not opened; take a .safetensors file, which can hold none`,
    });
  });

  it('names tensors in lists by their places', async () => {
    const storage = (key: string) =>
      `(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x00${key}X\x03\x00\x00\x00cpuK\x02tQ`;
    const tensor = (key: string) =>
      `ctorch._utils\n_rebuild_tensor_v2\n(${storage(key)}K\x00K\x02\x85K\x01\x85\x89N}tR`;
    const code = `\x80\x02](}X\x03\x00\x00\x00<x>${tensor('0')}s}X\x03\x00\x00\x00<x>${tensor('1')}se.`;
    const bytes = pickled(code, { 'a/data/0': new Uint8Array(8), 'a/data/1': new Uint8Array(8) });
    expect([...(await open(bytes)).tensors.keys()]).toEqual(['0.<x>', '1.<x>']);
  });

  it('takes of a class that brings its source text the name alone, which may be code', async () => {
    const named = (module: string, name: string) =>
      `\x80\x02(X\x06\x00\x00\x00modulec${module}\n${name}\nX\x01\x00\x00\x00fX\x01\x00\x00\x00stQ)\x81.`;
    const empty = await open(pickled(named('torch.nn.modules.container', 'ParameterDict')));
    expect([...empty.tensors]).toEqual([]);
    await expect(open(pickled(named('os', 'system')))).rejects.toThrow(/this file holds code \(os\.system\)/);
    await expect(open(pickled(named('__main__', 'Mine')))).rejects.toThrow(/this file holds code \(__main__\.Mine\)/);
  });

  it('says that compressed entries are not read', async () => {
    await expect(open(fixture('deflated.pt'))).rejects.toThrow(
      /its entry "zip\/\w+" is compressed, which torch never does/,
    );
  });

  it('says that a cut file is cut', async () => {
    const bytes = fixture('zip.pt');
    await expect(open(bytes.subarray(0, bytes.length - 30))).rejects.toThrow(/no list of its entries.*fetch it again/);
    const legacy = fixture('legacy.pt');
    await expect(open(legacy.subarray(0, legacy.length - 3))).rejects.toThrow(/the download is incomplete/);
  });

  it('names an archive of something else', async () => {
    const text = new TextDecoder('latin1').decode(fixture('zip.pt')).replaceAll('data.pkl', 'a.safets');
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    await expect(open(bytes)).rejects.toThrow(/an archive \(ZIP\) without a model in it/);
  });

  const long = (count: number, code: string) => code.repeat(count);
  it.each<[string, Uint8Array, RegExp]>([
    ['a class of nobody', pickled('cevil.module\nThing\n)R.'), /holds code \(evil\.module\.Thing\)/],
    ['code that is only named', pickled('}(X\x01\0\0\0acsubprocess\nPopen\nu.'), /holds code \(subprocess\.Popen\)/],
    ['code under a name put together', pickled('\x80\x04\x8c\x02os\x8c\x06system\x93)R.'), /holds code \(os\.system\)/],
    ['getattr', pickled('c__builtin__\ngetattr\n)R.'), /holds code \(__builtin__\.getattr\)/],
    ['a call of what a call gave', pickled('ctorch\nSize\n)R)R.'), /it calls something that is no class/],
    ['an empty pickle', pickled(''), /its pickle is damaged/],
    ['a stack that runs empty', pickled('ss.'), /its stack runs empty/],
    ['an unknown instruction', pickled('\xff.'), /instruction 255 at byte 0/],
    ['a text longer than the pickle', pickled('X\xff\xff\xff\x7fabc.'), /it ends within/],
    ['bytes of 10 GB', pickled('\x8e\0\xe4\x0b\x54\x02\0\0\0abc.'), /it ends within/],
    ['a whole number of 2 GB', pickled('\x8b\xff\xff\xff\x7f.'), /too long/],
    ['a value recalled before it is there', pickled('h\x05.'), /recalled before/],
    ['too many instructions', pickled(`${long(1_000_001, 'N')}.`), /more than 1000000 instructions/],
    ['a pickle too long', zipped({ 'a/data.pkl': new Uint8Array(16_000_001) }), /at most 16000000 are read/],
    ['an entry behind the end', zipped({ 'a/data.pkl': new Uint8Array(4) }, { claim: 15_000_000 }), /ends at byte/],
    [
      'a list of entries of 4 GB',
      zipped({ 'a/data.pkl': new Uint8Array(4) }, { directory: 0xfffffff0 }),
      /its list of entries claims/,
    ],
    ['an archive without a model', zipped({ 'readme.txt': new Uint8Array(4) }), /an archive \(ZIP\) without a model/],
    [
      'an archive around a model',
      zipped({ 'm/x.safetensors': new Uint8Array(4) }),
      /unpack it and open "m\/x\.safetensors"/,
    ],
    [
      'a script',
      zipped({ 'a/data.pkl': new Uint8Array(4), 'a/code/x.py': new Uint8Array(1) }),
      /a TorchScript program/,
    ],
    [
      'big-endian numbers',
      zipped({ 'a/data.pkl': new Uint8Array(4), 'a/byteorder': new TextEncoder().encode('big') }),
      /big-endian/,
    ],
  ])('refuses %s', async (_what, bytes, message) => {
    const error = await open(bytes).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'bad-file', message: expect.stringMatching(message) as string });
  });

  it.each([
    ['a dictionary within itself', '}q\0X\x01\0\0\0ah\0s.'],
    ['lists a million deep', `${long(200_000, ']')}${long(199_999, 'a')}.`],
    ['a dictionary of one dictionary, many times', `}q\0${long(3, '}q\0(' + long(2000, 'X\x01\0\0\0ah\0') + 'u')}.`],
  ])('takes %s for what it is: no tensors', async (_what, code) => {
    expect((await open(pickled(code))).tensors.size).toBe(0);
  });

  const tensorOf = (shape: string, strides: string, count = 'K\x04') =>
    pickled(
      `}X\x01\0\0\0actorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0${'0'}X\x03\0\0\0cpu${count}tQK\0(${shape}t(${strides}t\x89}tRs.`,
      { 'a/data/0': new Uint8Array(16) },
    );

  it.each([
    ['one that fits', tensorOf('K\x02K\x02', 'K\x02K\x01'), undefined],
    ['more elements than its storage', tensorOf('K\x05', 'K\x01'), /has shape \[5\] but its storage has 4/],
    ['one element a billion times', tensorOf('J\0\xca\x9a\x3b', 'K\0'), /has shape \[1000000000\] but/],
    ['strides that leave its storage', tensorOf('K\x02', 'K\x09'), /has shape \[2\] but/],
    [
      'a storage of 4 GB',
      tensorOf('K\x02', 'K\x01', 'J\0\0\0\x40'),
      /has a storage of 4294967296 bytes but the file has 16/,
    ],
    ['a negative size', tensorOf('J\xff\xff\xff\xff', 'K\x01'), /no storage, offset, shape or strides/],
  ])('measures tensors: %s', async (_what, bytes, message) => {
    const outcome = await open(bytes).then(
      (file) => file.tensors.size,
      (thrown: unknown) => (thrown as Error).message,
    );
    expect(outcome).toEqual(message === undefined ? 1 : expect.stringMatching(message));
  });
});
