/**
 * The tokenizer files of OpenAI's CLIP, built from its merges: what a Stable Diffusion checkpoint's tokenizer/ folder says.
 * For checkpoints that carry none, as single files do not; the merges ship with the app.
 */
import { AppError } from '../../core/errors';
import { unpackBlob } from '../net/unpack-blob';

const START = '<|startoftext|>';
const END = '<|endoftext|>';
const WORD_END = '</w>';
const PRE_TOKENS = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

export interface TokenizerFiles {
  json: Record<string, unknown>;
  config: Record<string, unknown>;
}

/** Where the merges are, from the app's address: gzipped, one a line, best first. */
export const CLIP_MERGES = 'tokenizers/clip/merges.txt.gz';

/**
 * Bytes that the browser has unpacked by itself are taken as they are.
 *
 * @param bytes of the file at CLIP_MERGES
 * @throws AppError 'bad-file' when they are damaged
 */
export async function unpackMerges(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const plain = await unpackBlob(CLIP_MERGES, new Blob([bytes]));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await plain.arrayBuffer());
  } catch (cause) {
    throw new AppError('bad-file', `${CLIP_MERGES} is damaged: it is no text.`, { cause });
  }
}

/** @param merges one a line, best first; `pad` is the end token for CLIP-L and `!` for OpenCLIP */
export function createClipTokenizerFiles(merges: string, pad = END): TokenizerFiles {
  const pairs = merges.split('\n');
  const bytes = byteSymbols();
  const symbols = [
    ...bytes,
    ...bytes.map((symbol) => symbol + WORD_END),
    ...pairs.map((pair) => pair.replace(' ', '')),
  ];
  const vocab = Object.fromEntries([...symbols, START, END].map((symbol, id) => [symbol, id]));
  const added = (content: string) => ({ id: vocab[content], content, special: true, normalized: false });
  return {
    json: {
      version: '1.0',
      added_tokens: [added(START), added(END)],
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'NFC' },
          { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
          { type: 'Lowercase' },
        ],
      },
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Split', pattern: { Regex: PRE_TOKENS }, behavior: 'Removed', invert: true },
          { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
        ],
      },
      post_processor: { type: 'RobertaProcessing', sep: [END, vocab[END]], cls: [START, vocab[START]] },
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true },
      model: { type: 'BPE', unk_token: END, end_of_word_suffix: WORD_END, fuse_unk: false, vocab, merges: pairs },
    },
    config: { bos_token: START, eos_token: END, pad_token: pad, unk_token: END, model_max_length: 77 },
  };
}

/** GPT-2's printable stand-in of each byte, in the order of ids: those that print as themselves first. */
function byteSymbols(): string[] {
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const printable = [...range(33, 126), ...range(161, 172), ...range(174, 255)];
  const others = range(0, 255).filter((byte) => !printable.includes(byte));
  return [...printable, ...others.map((_, i) => 256 + i)].map((code) => String.fromCharCode(code));
}
