/** Between the units of a request and the library: the networks that they name, for the engine and for recipes. */
import type { ControlEntry, ModelEntry } from '../../../core/catalog';
import { BUILT_IN_CONTROL } from '../../../core/catalog/built-in-control';
import { AppError } from '../../../core/errors';
import { withControl } from '../../../core/recipe/control/infotext';
import { assertControl } from '../../../core/recipe/control/problems';
import type { ControlUnit } from '../../../core/recipe/control/unit';
import type { Recipe } from '../../../core/recipe/recipe';
import type { GenerationRequest } from '../../../core/recipe/request';
import type { StoredModel } from '../../../engine/library-api';
import { isBuiltInControl } from './built-in-control';
import { misfitText } from './control-text';

/** As recipes call it: the file's name without its ending. */
export function controlName({ id, fileName }: Pick<StoredModel, 'id' | 'fileName'>): string {
  const stem = fileName.replace(/\.[^.]+$/, '');
  // Repositories of diffusers call all their files so.
  return stem === '' || stem.startsWith('diffusion_pytorch_model') ? id : stem;
}

/** By its id, its name in any case, or its hash. */
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

/** What the units of a request are looked up in. */
export interface ControlShelf {
  controls: readonly StoredModel[];
  /** Models that can paint. */
  usable: readonly Pick<ModelEntry, 'id' | 'name' | 'family'>[];
}

/**
 * Those that the units name, for the engine: judged as the form judges them, which may not have been there yet.
 *
 * @throws AppError 'bad-request', 'missing-file'
 */
export function controlEntries(request: GenerationRequest, { controls, usable }: ControlShelf): ControlEntry[] {
  assertControl(request);
  const painter = usable.find(({ id }) => id === request.model);
  return (request.control ?? []).map((unit) => {
    const found = findControl(unit, controls);
    if (!found)
      throw new AppError(
        'missing-file',
        `The ControlNet ${unit.model} is not here: drop its file on the page, or choose another for its unit.`,
      );
    const misfit = painter && misfitText(found, painter);
    if (misfit !== undefined) throw new AppError('bad-request', misfit);
    const { id, bytes } = found;
    if (isBuiltInControl(found)) return BUILT_IN_CONTROL;
    return {
      id,
      name: unit.model === id ? found.name : unit.model,
      source: { kind: 'imported' },
      downloadBytes: bytes,
    };
  });
}

/** The recipe with its units told, their networks by the names of their files. */
export function toldControl(recipe: Recipe, units: readonly ControlUnit[], controls: readonly StoredModel[]): Recipe {
  return withControl(recipe, units, (unit) => {
    const found = findControl(unit, controls);
    const hash = found?.sha256?.slice(0, 10) ?? unit.modelHash;
    return { name: found ? controlName(found) : unit.model, ...(hash !== undefined && { hash }) };
  });
}
