/** Opens a file of tensors by what its first bytes say, whatever it is called. */
import { AppError } from '../errors';
import type { ByteSource } from './byte-source';
import { foreignKind, HEAD_BYTES } from './foreign-file';
import { readSafetensors } from './safetensors';
import type { TensorFile } from './tensor-file';
import { readTorchZip } from './torch/torch-file';
import { readTorchLegacy } from './torch/torch-legacy';

/** @throws AppError 'bad-file' or 'unsupported-model' that says what the file is instead */
export async function openTensorFile(source: ByteSource): Promise<TensorFile> {
  if (source.size === 0)
    throw new AppError('bad-file', `${source.name}: the file is empty; the download went wrong: fetch it again`);
  const head = await source.read(0, Math.min(HEAD_BYTES, source.size));
  // A .safetensors file has a length in its first 8 bytes, then "{": no other kind looks like that.
  if (head[8] === 0x7b && head[7] === 0) return readSafetensors(source);
  if (isZip(head)) return readTorchZip(source);
  if (isPickle(head)) return readTorchLegacy(source);
  const foreign = foreignKind(head);
  if (foreign) throw new AppError(foreign.code, `${source.name}: ${foreign.sentence}`);
  return readSafetensors(source);
}

const isZip = (head: Uint8Array): boolean => head[0] === 0x50 && head[1] === 0x4b && head[2] <= 6 && head[3] <= 8;

/** Protocol 2 and later begin with their number; protocol 0 is text, whose first line names a class. */
function isPickle(head: Uint8Array): boolean {
  if (head[0] === 0x80) return head[1] <= 5;
  return /^[(\]}]*c[A-Za-z_][\w.]*\n[A-Za-z_]\w*\n/.test(String.fromCharCode(...head));
}
