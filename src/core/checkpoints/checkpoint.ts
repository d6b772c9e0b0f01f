/** A component's tensors by name, wherever their files lie. */
import { AppError } from '../errors';
import { readSafetensors, type ByteSource, type Safetensors, type TensorEntry } from '../formats';
import { exprTensors, type BuiltGraph } from '../graph';
import { FLOAT_DTYPES, isFloatDtype, toFloat32 } from './to-float32';

interface Located {
  file: Safetensors;
  entry: TensorEntry;
}

/**
 * Other names of the same tensors: the autoencoder's attention before diffusers 0.15 (models/modeling_utils.py,
 * _convert_deprecated_attention_blocks), and the text encoder as transformers 5 saves it.
 */
const OTHER_NAMES: readonly (readonly [RegExp, string])[] = [
  [/(\.mid_block\.attentions\.\d+)\.query\./, '$1.to_q.'],
  [/(\.mid_block\.attentions\.\d+)\.key\./, '$1.to_k.'],
  [/(\.mid_block\.attentions\.\d+)\.value\./, '$1.to_v.'],
  [/(\.mid_block\.attentions\.\d+)\.proj_attn\./, '$1.to_out.0.'],
  [/^(embeddings\.|encoder\.layers\.\d+\.(?:self_attn|mlp|layer_norm\d)|final_layer_norm\.)/, 'text_model.$1'],
];

const currentName = (name: string): string =>
  OTHER_NAMES.reduce((current, [other, now]) => current.replace(other, now), name);

export class Checkpoint {
  readonly #tensors = new Map<string, Located>();
  readonly #files: string;

  private constructor(files: readonly Safetensors[]) {
    this.#files = files.map((file) => file.source.name).join(', ');
    for (const file of files)
      for (const [name, entry] of file.tensors) this.#tensors.set(currentName(name), { file, entry });
  }

  /** @throws AppError 'bad-file' when a header is not sound */
  static async open(sources: readonly ByteSource[]): Promise<Checkpoint> {
    return new Checkpoint(await Promise.all(sources.map(readSafetensors)));
  }

  /**
   * Checks that every tensor the graph needs is there, with its shape and a float dtype, before anything is read.
   * @throws AppError 'bad-file' naming file and tensor
   */
  assertFits(graph: BuiltGraph): void {
    for (const { name, shape } of exprTensors(graph.weights.map((w) => w.expr))) {
      const { file, entry } = this.#find(name);
      const where = `${file.source.name}: tensor "${name}"`;
      if (entry.shape.join() !== shape.join())
        throw new AppError(
          'bad-file',
          `${where} has shape [${entry.shape.join(', ')}]; config.json asks for [${shape.join(', ')}]`,
        );
      if (!isFloatDtype(entry.dtype))
        throw new AppError('bad-file', `${where} has dtype ${entry.dtype}; a weight must be one of ${FLOAT_DTYPES}`);
    }
  }

  /** The tensor's values, row-major. @throws AppError 'bad-file' */
  async read(name: string): Promise<Float32Array<ArrayBuffer>> {
    const { file, entry } = this.#find(name);
    const bytes = await file.source.read(entry.offset, entry.byteLength);
    return toFloat32(bytes, entry.dtype, `${file.source.name}: tensor "${name}"`);
  }

  #find(name: string): Located {
    const found = this.#tensors.get(name);
    if (!found)
      throw new AppError(
        'bad-file',
        `${this.#files}: tensor "${name}" is missing; the file does not fit its config.json`,
      );
    return found;
  }
}
