/** Between the units of a request and the library: the networks that they name, for the engine and for recipes. */
import type { ControlEntry, ModelEntry } from '../../../core/catalog';
import { BUILT_IN_CONTROL } from '../../../core/catalog/built-in-control';
import { AppError } from '../../../core/errors';
import {
  findPreprocessor,
  finderOf,
  networkFile,
  preprocessor,
  PREPROCESSOR_IDS,
} from '../../../core/hints/preprocessors';
import { withControl } from '../../../core/recipe/control/infotext';
import { assertControl } from '../../../core/recipe/control/problems';
import type { ControlUnit } from '../../../core/recipe/control/unit';
import type { Recipe } from '../../../core/recipe/recipe';
import type { GenerationRequest } from '../../../core/recipe/request';
import type { StoredModel } from '../../../engine/library-api';
import { isBuiltInControl } from './built-in-control';
import { misfitText } from './control-text';

/** A network's name in recipes: the file's name without its ending. */
function controlName({ id, fileName }: Pick<StoredModel, 'id' | 'fileName'>): string {
  const stem = fileName.replace(/\.[^.]+$/, '');
  // Repositories of diffusers call all their files so.
  return stem === '' || stem.startsWith('diffusion_pytorch_model') ? id : stem;
}

/** Finds a network by its id, its name in any case, or its hash. */
export function findControl(
  { model, modelHash }: Pick<ControlUnit, 'model' | 'modelHash'>,
  controls: readonly StoredModel[],
): StoredModel | undefined {
  const wanted = model.toLowerCase();
  const isCalled = (one: StoredModel): boolean =>
    [controlName(one), one.name].some((name) => name.toLowerCase() === wanted);
  return (
    controls.find(({ id }) => id === model) ??
    (modelHash === undefined ? undefined : controls.find(({ sha256 }) => sha256?.startsWith(modelHash))) ??
    (model === '' ? undefined : controls.find(isCalled))
  );
}

/** Whether there is what looks at pictures for adapters. */
export const hasTower = (controls: readonly StoredModel[]): boolean =>
  controls.some(({ control }) => control === 'tower');

/** What the units of a request are looked up in. */
export interface ControlFiles {
  controls: readonly StoredModel[];
  /** Models that can paint. */
  usable: readonly Pick<ModelEntry, 'id' | 'name' | 'family'>[];
}

/**
 * Those that the units name, for the engine: judged as the form judges them, which may not have been there yet.
 *
 * @throws AppError 'bad-request', 'missing-file'
 */
export function controlEntries(request: GenerationRequest, { controls, usable }: ControlFiles): ControlEntry[] {
  assertControl(request);
  const painter = usable.find(({ id }) => id === request.model);
  const used: StoredModel[] = [];
  const entries = (request.control ?? []).map((unit): ControlEntry => {
    const found = findControl(unit, controls);
    if (!found)
      throw new AppError(
        'missing-file',
        `The ControlNet ${unit.model} is not here: drop its file on the page, or choose another for its unit.`,
      );
    const misfit = painter && misfitText(found, painter);
    if (misfit !== undefined) throw new AppError('bad-request', misfit);
    const name = unit.model === found.id ? found.name : unit.model;
    if (isBuiltInControl(found)) return { ...BUILT_IN_CONTROL, name };
    used.push(found);
    return entryOf(found, name);
  });
  const looks = used.some(({ control }) => control === 'picture');
  const towers = looks ? controls.filter(({ control }) => control === 'tower') : [];
  return [
    ...entries,
    ...towers.map((one): ControlEntry => ({ ...entryOf(one, one.name), isTower: true })),
    ...drawerEntries(request.control ?? [], controls),
  ];
}

/** What draws the hints of units, and what finds places for it first, where that is here. @throws AppError 'missing-file' naming the file, what it is and its terms */
export function drawerEntries(
  units: readonly Pick<ControlUnit, 'module'>[],
  controls: readonly StoredModel[],
): ControlEntry[] {
  const modules = new Set(units.flatMap(({ module }) => module ?? []));
  return [...modules].flatMap((module): ControlEntry[] => {
    const file = networkFile(module);
    if (file === undefined) return [];
    const found = findDrawer(module, controls);
    if (!found) throw new AppError('missing-file', drawerMissing(module));
    const finder = findFinder(module, controls);
    const places = finder ? [{ ...entryOf(finder, finder.name), draws: finderOf(module)?.file }] : [];
    return [{ ...entryOf(found, found.name), draws: file }, ...places];
  });
}

/** Finds a preprocessor's network by its file's name where several files are of one network; one of another name is taken where none has it. */
export function findDrawer(module: string, controls: readonly StoredModel[]): StoredModel | undefined {
  const id = findPreprocessor(module);
  const one = id && preprocessor(id);
  if (!one || !('network' in one)) return undefined;
  const stem = (name: string): string => name.replace(/\.[^.]+$/, '').toLowerCase();
  const same = controls.filter(({ draws }) => draws === one.network);
  const files = PREPROCESSOR_IDS.flatMap((other) => networkFile(other) ?? []).map(stem);
  return (
    same.find(({ fileName }) => stem(fileName) === stem(one.file)) ??
    same.find(({ fileName }) => !files.includes(stem(fileName)))
  );
}

/** The network that finds places for a preprocessor first, where it has one and that is here. */
export function findFinder(module: string, controls: readonly StoredModel[]): StoredModel | undefined {
  const finder = finderOf(module);
  return finder && controls.find(({ draws }) => draws === finder.network);
}

/** Id in the catalogue of the network that a preprocessor draws with, where it can be got with a press. */
export function helperOf(module: string): string | undefined {
  const id = findPreprocessor(module);
  const one = id && preprocessor(id);
  return one && 'network' in one ? one.helper : undefined;
}

/** Says in a sentence that the preprocessor's network is not here, how to get it, and its licence. */
export function drawerMissing(module: string): string {
  const id = findPreprocessor(module);
  const one = id && preprocessor(id);
  const file = networkFile(module) ?? '';
  const way =
    helperOf(module) === undefined ? 'add the file under Models' : 'get it in its control unit, or under Models';
  return `“${module}” draws with ${file}, which is not here: ${way}. Licence: ${one?.licence ?? ''}.`;
}

/** One of the library, as the engine knows it. */
export const entryOf = ({ id, bytes }: StoredModel, name: string): ControlEntry => ({
  ...{ id, name, downloadBytes: bytes },
  source: { kind: 'imported' },
});

/** The recipe with its units told, their networks by the names of their files. */
export function toldControl(recipe: Recipe, units: readonly ControlUnit[], controls: readonly StoredModel[]): Recipe {
  return withControl(recipe, units, (unit) => {
    const found = findControl(unit, controls);
    const hash = found?.sha256?.slice(0, 10) ?? unit.modelHash;
    return { name: found ? controlName(found) : unit.model, ...(hash !== undefined && { hash }) };
  });
}
