/** What a generation may ask for: FIELDS as types, and their defaults. */
import type { ControlUnit } from './control/unit';
import type { ChoiceField, Field, FlagField, SeedField, TextField } from './field';
import { FIELDS } from './fields';
import type { SeedValue } from './seed-value';

type Table = typeof FIELDS;

export type FieldId = keyof Table;

type ValueOf<F extends Field> = F extends ChoiceField
  ? F extends { names: string }
    ? string
    : Extract<keyof F['choices'], string>
  : F extends FlagField
    ? boolean
    : F extends TextField
      ? string
      : F extends SeedField
        ? SeedValue
        : F['default'] extends undefined
          ? number | undefined
          : number;

/** The value of every setting. */
export type FieldValues = { [Id in FieldId]: ValueOf<Table[Id]> };

/** Ids of what every request says. */
export type BasicId = { [Id in FieldId]: Table[Id] extends { isBasic: true } ? Id : never }[FieldId];

/** What has its default where a request does not say it. */
export type AdvancedId = Exclude<FieldId, BasicId>;

/** All advanced settings, filled in. */
export type AdvancedSettings = Pick<FieldValues, AdvancedId>;

/**
 * Everything that determines a picture, ready to be made. Plain data: it crosses the worker. What of the advanced settings is
 * left out has its default. `seed` is already drawn (−1 is the app's business); `width` and `height` are pixels.
 */
export interface GenerationRequest extends Pick<FieldValues, BasicId>, Partial<AdvancedSettings> {
  model: string;
  /** The picture it starts from, by the SHA-256 of its pixels; else it starts from noise. */
  initImage?: string;
  /** The mask of what is repainted of it, as a grey picture: white is repainted, black is kept. By the SHA-256 of its pixels. */
  initMask?: string;
  /** Units that control it, in their order. */
  control?: readonly ControlUnit[];
}

/** A request with every advanced setting filled in. */
export type CompleteRequest = GenerationRequest & AdvancedSettings;

const entries = Object.entries(FIELDS) as [FieldId, Field][];
const idsOf = (fits: (field: Field) => boolean): FieldId[] =>
  entries.filter(([, field]) => fits(field)).map(([id]) => id);

/** Ids of the basic settings in the table's order. */
export const BASIC_IDS = idsOf(({ isBasic = false }) => isBasic) as BasicId[];
export const ADVANCED_IDS = idsOf(({ isBasic = false }) => !isBasic) as AdvancedId[];

/** The line of a setting, for what is the same with all of them. */
export const fieldOf = (id: FieldId): Field => FIELDS[id];

export const FIELD_DEFAULTS = Object.fromEntries(entries.map(([id, field]) => [id, field.default])) as FieldValues;

export const ADVANCED_DEFAULTS = Object.fromEntries(
  ADVANCED_IDS.map((id) => [id, FIELD_DEFAULTS[id]]),
) as AdvancedSettings;

export function withDefaults(request: GenerationRequest): CompleteRequest {
  const said = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  return { ...ADVANCED_DEFAULTS, ...(said as typeof request) };
}
