/** Embeddings inside of a LoRA: "bundle_emb.NAME.string_to_param.*". @see Nerogar/OneTrainer; A1111 extensions-builtin/Lora/network.py */
import type { TensorEntry, TensorFile } from '../../formats';
import type { Embedding } from './embedding';
import type { TextEncoderWidth } from './encoders';
import { readTensorEmbeddings } from './tensor-embeddings';

const BUNDLED = /^bundle_emb\.([^.]+)\.(.+)$/;

export const isBundled = (key: string): boolean => BUNDLED.test(key);

export const bundledNames = (keys: Iterable<string>): string[] => [
  ...new Set([...keys].flatMap((key) => BUNDLED.exec(key)?.[1] ?? [])),
];

/** Each active while its LoRA is. @param encoders  of the model at hand @throws AppError as `readEmbeddings` */
export async function readBundled(file: TensorFile, encoders?: readonly TextEncoderWidth[]): Promise<Embedding[]> {
  const found = new Map<string, Map<string, TensorEntry>>();
  const keys = new Map<string, string>();
  for (const [key, entry] of file.tensors) {
    const [, name, part] = BUNDLED.exec(key) ?? [];
    if (name === undefined) continue;
    const tensors = found.get(name) ?? new Map<string, TensorEntry>();
    found.set(name, tensors.set(part, entry));
    keys.set(`${name}.${part}`, key);
  }
  const read = [...found].map(([name, tensors]) => readTensorEmbeddings({ ...file, tensors }, name, encoders));
  return (await Promise.all(read)).flat();
}
