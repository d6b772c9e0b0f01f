/** Files of the library that a recipe names: VAEs, text encoders and upscalers. One that is not here is said before it is painted without. */
import type { ModelEntry } from '../../../core/catalog';
import { checkpointTitle } from '../../../core/recipe/checkpoint';
import { HIRES_UPSCALERS, findHiresUpscaler } from '../../../core/recipe/hires-upscalers';
import type { Note } from '../../../core/recipe/infotext';
import { fileStem, namesOfFile, TEXT_FIELDS } from '../../../core/recipe/own-vae';
import type { Recipe } from '../../../core/recipe/recipe';
import { fieldOf } from '../../../core/recipe/request';
import type { FoundRecipe } from '../../../core/recipes';
import type { StoredModel } from '../../../engine/library-api';
import type { Settings } from '../settings/settings.svelte';
import { findCheckpoint, type Checkpoints } from '../library/find-checkpoint';
import { findFile } from '../../../core/workflow/adapter-nodes';

type File = Pick<StoredModel, 'name' | 'fileName' | 'sha256'>;

export interface Parts {
  vaes: readonly File[];
  texts: readonly File[];
  upscalers: readonly File[];
  usable: Checkpoints['usable'];
  modelFacts: Checkpoints['modelFacts'];
}

/** The recipe with the library's names, a VAE found by its hash, too; Forge's modules are VAEs and text encoders. */
export function withOwnParts(found: FoundRecipe, parts: Parts): FoundRecipe {
  const { vaes, upscalers } = parts;
  const { notes, ...ofModules } = withModules(found.recipe, parts);
  const recipe = { ...found.recipe, ...ofModules };
  const { vae, vaeHash, hires } = recipe;
  const own = vae === undefined ? undefined : (byHash(vaeHash, vaes) ?? byName(vae, vaes));
  if (vae !== undefined && vae !== 'automatic' && !own) {
    const about = vaeHash === undefined ? vae : `${vae} [${vaeHash}]`;
    notes.push({ key: 'VAE', message: `This VAE is not here: ${about}; add its file, or the model’s own is used.` });
  }
  const ownTexts: Partial<Record<(typeof TEXT_FIELDS)[number], string>> = {};
  for (const id of TEXT_FIELDS) {
    const wanted = recipe[id];
    if (wanted === undefined || wanted === 'automatic') continue;
    const file = byName(wanted, parts.texts);
    if (file) ownTexts[id] = file.name;
    else
      notes.push({
        key: fieldOf(id).label,
        message: `This text encoder is not here: ${wanted}; add its file, or the model’s own is used.`,
      });
  }
  const upscaler = hires?.upscaler;
  if (upscaler !== undefined && isFile(upscaler) && !byName(upscaler, upscalers))
    notes.push({
      key: 'Hires upscaler',
      message: `This upscaler is not here: ${upscaler}; add its file, or choose another under “Hires. fix”.`,
    });
  const checkpoint = hires?.checkpoint;
  const second = checkpoint === undefined ? undefined : findCheckpoint(checkpoint, parts);
  if (checkpoint !== undefined && !/^use same/i.test(checkpoint) && !second)
    notes.push({
      key: 'Hires checkpoint',
      message: `This checkpoint is not here: ${checkpoint}; add it under Models, or choose another under “Hires. fix”.`,
    });
  const title = second && checkpointTitle(parts.modelFacts(second.id));
  const refiner = recipe.refiner?.checkpoint;
  const foundRefiner = refiner === undefined ? undefined : findCheckpoint(refiner, parts);
  if (refiner !== undefined && !foundRefiner)
    notes.push({
      key: 'Refiner',
      message: `This checkpoint is not here: ${refiner}; add it under Models, or choose another under “Refiner”.`,
    });
  const refinerTitle = foundRefiner && checkpointTitle(parts.modelFacts(foundRefiner.id));
  return {
    ...found,
    recipe: {
      ...recipe,
      ...(own && { vae: own.name }),
      ...ownTexts,
      ...(title !== undefined && { hires: { ...hires, checkpoint: title } }),
      ...(refinerTitle !== undefined && { refiner: { ...recipe.refiner, checkpoint: refinerTitle } }),
    },
    notes: [...found.notes, ...notes],
  };
}

/** Files of the recipe's parts, as far as they are here, and no other key says them. */
function withModules(
  { unknown = {}, vae, textEncoder, secondTextEncoder }: Recipe,
  { vaes, texts }: Parts,
): Pick<Recipe, 'vae' | 'textEncoder' | 'secondTextEncoder'> & { notes: Note[] } {
  const modules = Object.entries(unknown).filter(([key]) => /^Module \d+$/.test(key));
  const said = { vae, textEncoder, secondTextEncoder };
  const notes: Note[] = [];
  for (const [key, word] of modules) {
    const [developer, reader] = [byName(word, vaes), byName(word, texts)];
    if (developer) said.vae ??= developer.name;
    else if (!reader) notes.push({ key, message: `This VAE or text encoder is not here: ${word}; add its file.` });
    else if (said.textEncoder === undefined) said.textEncoder = reader.name;
    else if (said.textEncoder !== reader.name) said.secondTextEncoder ??= reader.name;
  }
  return { ...definedOf(said), notes };
}

const definedOf = <Values extends object>(values: Values): Partial<Values> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Values>;

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
  findFile(
    fileStem(word),
    files.map((file) => ({ ...file, names: namesOfFile(file) })),
  );

/** What is to be said of the recipe's model, where it is not in the library. */
export function missingModel(
  { model, modelHash }: Recipe,
  known: ModelEntry | undefined,
  settings: Settings,
): Note | undefined {
  if (known && settings.hasModel(known.id)) return undefined;
  if (model === undefined && modelHash === undefined) return undefined;
  const name = [model, modelHash && `[${modelHash}]`].filter(Boolean).join(' ');
  const way = known ? `get ${known.name} under Models` : 'the picture will differ with another one';
  return { key: 'Model', message: `Not in your library: ${name}; ${way}.` };
}
