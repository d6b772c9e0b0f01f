/** Opens a file of tensors by what its first bytes say, whatever it is called. */
import { AppError } from '../errors';
import type { ByteSource } from './byte-source';
import { foreignKind, HEAD_BYTES } from './foreign-file';
import { readSafetensors } from './safetensors';
import type { TensorFile } from './tensor-file';

/** @throws AppError 'bad-file' or 'unsupported-model' that says what the file is instead */
export async function openTensorFile(source: ByteSource): Promise<TensorFile> {
  if (source.size === 0)
    throw new AppError('bad-file', `${source.name}: the file is empty; the download went wrong: fetch it again`);
  const head = await source.read(0, Math.min(HEAD_BYTES, source.size));
  // A .safetensors file has a length in its first 8 bytes, then "{": no other kind looks like that.
  if (head[8] === 0x7b && head[7] === 0) return readSafetensors(source);
  const foreign = foreignKind(head);
  if (foreign) throw new AppError(foreign.code, `${source.name}: ${foreign.sentence}`);
  return readSafetensors(source);
}
