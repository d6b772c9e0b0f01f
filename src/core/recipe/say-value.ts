/** The value of a setting in words for people. */
import {
  fieldOf,
  type BasicId,
  type FieldId,
  ADVANCED_DEFAULTS,
  BASIC_IDS,
  ADVANCED_IDS,
  type AdvancedSettings,
} from './request';

/** "Euler a", "on", "0.5"; what another version of the app wrote, and this one does not know, as it is. */
export function sayValue(id: FieldId, value: unknown): string {
  const field = fieldOf(id);
  if (field.kind === 'choice') {
    const choice = String(value);
    return Object.hasOwn(field.choices, choice) ? field.choices[choice].label : choice;
  }
  if (field.kind === 'flag') return value === true ? 'on' : 'off';
  return value === undefined ? 'as the sampler likes' : String(value);
}

/** One setting under a picture: "8 steps", "Euler a", "Eta 0.5", "Zero terminal SNR"; undefined where it is not told there. */
function sayFact(id: FieldId, value: unknown): string | undefined {
  const { fact, kind, label, done = label, isBasic = false } = fieldOf(id);
  if (fact === false || kind === 'text') return undefined;
  if (fact) return fact(value);
  if (kind === 'flag') return value === true ? done : `${done} off`;
  const said = sayValue(id, value);
  return isBasic && kind === 'choice' ? said : `${done} ${said}`;
}

/** Those of the basic settings, the seed first: what people look for. A picture tells its size itself. */
export function basicFacts(said: Readonly<Record<BasicId, unknown>>): string[] {
  const ids = BASIC_IDS.filter((id) => !isSide(id)).sort((a, b) => Number(isSeed(b)) - Number(isSeed(a)));
  return ids.flatMap((id) => sayFact(id, said[id]) ?? []);
}

/** One for each that a recipe names, and what of another picture it starts from. */
export function advancedFacts(
  said: Readonly<Partial<Record<keyof AdvancedSettings, unknown>> & { initImage?: unknown }>,
): string[] {
  const { initImage, denoisingStrength = ADVANCED_DEFAULTS.denoisingStrength } = said;
  const all = initImage === undefined ? said : { ...said, denoisingStrength };
  return ADVANCED_IDS.flatMap((id) => (all[id] === undefined ? [] : (sayFact(id, all[id]) ?? [])));
}

const isSeed = (id: FieldId): boolean => fieldOf(id).kind === 'seed';

/** A side of the picture: pictures tell their size themselves. */
export function isSide(id: FieldId): boolean {
  const field = fieldOf(id);
  return field.kind === 'number' && field.isSide === true;
}
