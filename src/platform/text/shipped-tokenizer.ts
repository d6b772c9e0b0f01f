/** CLIP's vocabulary as it ships with the app: for packs whose checkpoint carried none. */
import type { Tokenizer } from '../../core/tokenizer';
import { createClipTokenizer } from './clip-tokenizer';
import { CLIP_MERGES, createClipTokenizerFiles, unpackMerges } from './clip-tokenizer-files';

/** Token 0 of CLIP, with which OpenCLIP fills up. */
const ZERO = '!';

/** @param packedMerges  bytes of the file at CLIP_MERGES */
export async function createShippedTokenizer(padding: 'end' | 'zero', packedMerges: Uint8Array): Promise<Tokenizer> {
  const merges = await unpackMerges(Uint8Array.from(packedMerges));
  const { json, config } =
    padding === 'zero' ? createClipTokenizerFiles(merges, ZERO) : createClipTokenizerFiles(merges);
  return createClipTokenizer(json, config);
}

/** The same from the app's own address. @throws AppError 'missing-file' or 'offline' */
export async function loadShippedTokenizer(
  padding: 'end' | 'zero',
  open: (path: string) => Promise<{ size: number; read(offset: number, length: number): Promise<Uint8Array> }>,
): Promise<Tokenizer> {
  const file = await open(CLIP_MERGES);
  return createShippedTokenizer(padding, await file.read(0, file.size));
}
