/** Units of a recipe from outside: their networks found in the library, and what is missing named. */
import { readControl } from '../../../core/recipe/control/infotext';
import type { ControlDraft } from '../../../core/recipe/control/unit';
import type { Note, Recipe } from '../../../core/recipe/infotext';
import { saysSettings } from '../../../core/recipe/recipe';
import type { StoredModel } from '../../../engine/library-api';
import type { Settings } from '../settings/settings.svelte';
import { findControl } from './control-inputs';

export interface IncomingControl {
  units: readonly ControlDraft[];
  /** These units differ from the form's. */
  changes: boolean;
  notes: readonly Note[];
}

interface Here {
  settings: Pick<Settings, 'control' | 'initImage'>;
  controls: readonly StoredModel[];
  isMissing: (hash: string) => boolean;
}

const NOTHING: IncomingControl = { units: [], changes: false, notes: [] };

/** A recipe of more than prompts says what controls it, be it nothing. */
export function incomingControl(recipe: Recipe | undefined, { settings, controls, isMissing }: Here): IncomingControl {
  if (recipe === undefined) return NOTHING;
  const { units: read, notes } = readControl(recipe);
  if (read.length === 0 && !saysSettings(recipe)) return { ...NOTHING, notes };
  const found = read.map((unit, i) => {
    const key = `ControlNet ${i}`;
    const model = findControl(unit, controls);
    const lost = unit.image === undefined ? recipe.initImage === undefined : isMissing(unit.image);
    const { modelHash, ...rest } = unit;
    const hash = modelHash === undefined ? '' : ` [${modelHash}]`;
    return {
      unit: model ? { ...rest, model: model.id } : unit,
      notes: [
        ...(model
          ? []
          : [{ key, message: `This ControlNet is not here: ${unit.model}${hash}; add its file under Models.` }]),
        ...(unit.region !== undefined && isMissing(unit.region)
          ? [{ key, message: `The region of control unit ${i + 1} is not here: draw it in the form.` }]
          : []),
        ...(unit.mask !== undefined && isMissing(unit.mask)
          ? [{ key, message: `The mask of control unit ${i + 1} is not here: paint it in the form.` }]
          : []),
        ...(unit.more?.some(isMissing)
          ? [{ key, message: `Further pictures of control unit ${i + 1} are not here: choose them in the form.` }]
          : []),
        ...(lost ? [{ key, message: `The picture of control unit ${i + 1} is not here: choose it in the form.` }] : []),
      ],
    };
  });
  const units = found.map(({ unit }) => unit);
  const changes = JSON.stringify(units) !== JSON.stringify(settings.control);
  return { units, changes, notes: [...notes, ...found.flatMap((one) => one.notes)] };
}

/** How many units there are, in words: "none", "1 unit". */
export const sayUnits = ({ length }: readonly ControlDraft[]): string =>
  length === 0 ? 'none' : length === 1 ? '1 unit' : `${length} units`;
