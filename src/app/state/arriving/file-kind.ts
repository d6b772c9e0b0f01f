/** What to do with a file that comes from outside, by its name. */
const MODEL_FILE = /\.(safetensors|ckpt|pt|pth|bin|tar|gguf)$/i;
const STYLES_FILE = /\.csv$/i;

export type FileKind = 'model' | 'styles' | 'recipe';

export function kindOfFile({ name }: Pick<File, 'name'>): FileKind {
  if (MODEL_FILE.test(name) || name === 'pack.json') return 'model';
  return STYLES_FILE.test(name) ? 'styles' : 'recipe';
}
