/** Settings of recipes by their group, so that one more of them reaches its operation by itself. */
import type { GroupId } from '../recipe/field';
import { FIELDS } from '../recipe/fields';
import type { FieldId } from '../recipe/request';

type Table = typeof FIELDS;

/** Ids of the settings of these groups. */
export type FieldsOf<G extends GroupId> = {
  [Id in FieldId]: Table[Id]['group'] extends G ? Id : never;
}[FieldId];

export function fieldsOf<G extends GroupId>(...groups: readonly G[]): FieldsOf<G>[] {
  const ids = Object.keys(FIELDS) as FieldId[];
  return ids.filter((id) => (groups as readonly GroupId[]).includes(FIELDS[id].group)) as FieldsOf<G>[];
}
