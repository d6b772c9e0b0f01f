/** Files of the library that a recipe names: VAEs and upscalers. One that is not here is said before it is painted without. */
import { HIRES_UPSCALERS, findHiresUpscaler } from '../../core/recipe/hires-upscalers';
import type { Note } from '../../core/recipe/infotext';
import { fileStem, namesOfFile } from '../../core/recipe/own-vae';
import type { FoundRecipe } from '../../core/recipes';
import type { StoredModel } from '../../engine/library-api';
import { findAdapter } from '../../core/workflow/adapter-nodes';

type File = Pick<StoredModel, 'name' | 'fileName' | 'sha256'>;

export interface Parts {
  vaes: readonly File[];
  upscalers: readonly File[];
}

/** The recipe with the library's names, a VAE found by its hash, too. */
export function withOwnParts(found: FoundRecipe, { vaes, upscalers }: Parts): FoundRecipe {
  const { recipe } = found;
  const notes: Note[] = [];
  const { vae, vaeHash, hires } = recipe;
  const own = vae === undefined ? undefined : (byHash(vaeHash, vaes) ?? byName(vae, vaes));
  if (vae !== undefined && vae !== 'automatic' && !own) {
    const about = vaeHash === undefined ? vae : `${vae} [${vaeHash}]`;
    notes.push({ key: 'VAE', message: `This VAE is not here: ${about}; add its file, or the model’s own develops.` });
  }
  const upscaler = hires?.upscaler;
  if (upscaler !== undefined && isFile(upscaler) && !byName(upscaler, upscalers))
    notes.push({
      key: 'Hires upscaler',
      message: `This upscaler is not here: ${upscaler}; add its file, or choose another under “Hires. fix”.`,
    });
  return { ...found, recipe: { ...recipe, ...(own && { vae: own.name }) }, notes: [...found.notes, ...notes] };
}

/** What is none of those that need no file, nor of A1111's that have none. */
const isFile = (word: string): boolean =>
  findHiresUpscaler(word) === undefined &&
  !Object.hasOwn(HIRES_UPSCALERS, word) &&
  !/^(none|nearest|lanczos|scunet gan|scunet psnr|)$/i.test(word.trim());

const byHash = (hash: string | undefined, files: readonly File[]): File | undefined =>
  hash === undefined || hash.length < 8
    ? undefined
    : files.find(({ sha256 }) => sha256?.startsWith(hash.toLowerCase()));

const byName = (word: string, files: readonly File[]): File | undefined =>
  findAdapter(
    fileStem(word),
    files.map((file) => ({ ...file, names: namesOfFile(file) })),
  );
