/** TAESD's own tensor names in diffusers' words: encoder and decoder are two files, whose layers are numbered. */

/**
 * diffusers does not count the decoder's first layer, which has no weights.
 *
 * @param name  "3.conv.0.weight"
 * @returns diffusers' name, or undefined where the name is no part of TAESD
 * @see github.com/madebyollin/taesd taesd.py; diffusers AutoencoderTiny
 */
export function taesdName(name: string, part: 'encoder' | 'decoder'): string | undefined {
  const [, layer, rest] = /^(\d+)\.((?:conv\.[024]\.)?(?:weight|bias))$/.exec(name) ?? [];
  if (layer === undefined) return undefined;
  const index = Number(layer) - (part === 'decoder' ? 1 : 0);
  return index < 0 ? undefined : `${part}.layers.${index}.${rest}`;
}
