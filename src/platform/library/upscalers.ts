/** Upscalers come into the library: told by what is in the file, kept as a pack of one network. */
import { AppError } from '../../core/errors';
import { openTensorFile, type ByteSource, type TensorFile } from '../../core/formats';
import { recogniseUpscaler } from '../../core/networks/upscalers/recognise';

/** Names of files that may hold an upscaler. */
const FILE = /\.(safetensors|pth|pt|bin|ckpt)$/i;

/** Tells an upscaler by the header of the one file there is. False where it cannot be read: as a model it says why. */
export async function isUpscaler(sources: readonly ByteSource[]): Promise<boolean> {
  const [only] = sources;
  if (sources.length !== 1 || !only || !FILE.test(only.name)) return false;
  try {
    return isUpscalerHeader(await openTensorFile(only));
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** Whether it is an upscaler's header, also of one that is known and does not run: what is wrong with it, opening it says. */
function isUpscalerHeader({ tensors }: TensorFile): boolean {
  try {
    return recogniseUpscaler(tensors) !== undefined;
  } catch (error) {
    if (error instanceof AppError) return true;
    throw error;
  }
}
