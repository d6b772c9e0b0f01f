/** What to do with a file that comes from outside, by its name. */
const MODEL_FILE = /\.(safetensors|ckpt|pt|pth|bin|tar|gguf|pti)$/i;
const STYLES_FILE = /\.csv$/i;

export type FileKind = 'model' | 'styles' | 'recipe';

export function kindOfFile({ name }: Pick<File, 'name'>): FileKind {
  if (MODEL_FILE.test(name) || name === 'pack.json') return 'model';
  return STYLES_FILE.test(name) ? 'styles' : 'recipe';
}

const PICTURE_FILE = /\.(png|jpe?g|webp|avif|gif|bmp|tiff?|hei[cf])$/i;

/** A picture, by its name or by what the browser says of it. */
export const isPictureName = ({ name, type }: Pick<File, 'name' | 'type'>): boolean =>
  type.startsWith('image/') || PICTURE_FILE.test(name);
