/** Settings of a node, filled in. */
import { FIELD_DEFAULTS, type FieldId, type FieldValues } from '../recipe/request';
import { operationOf, type OPERATIONS, type OperationId, type OwnSetting } from './operations';
import type { WorkflowNode } from './workflow';

type Table = typeof OPERATIONS;

type OwnOf<Id extends OperationId> = Table[Id] extends { own: infer Own } ? Own : Record<never, never>;

type ValueOf<S> = S extends { kind: 'choice'; choices: readonly (infer Choice)[] }
  ? Choice
  : S extends { kind: 'text' }
    ? string
    : S extends { kind: 'flag' }
      ? boolean
      : number;

/** Every setting of an operation with its value. */
export type SettingsOf<Id extends OperationId> = Pick<FieldValues, Table[Id]['settings'][number]> & {
  [Name in keyof OwnOf<Id>]: ValueOf<OwnOf<Id>[Name]>;
};

export const ownSettings = (id: OperationId): Readonly<Record<string, OwnSetting>> => operationOf(id).own ?? {};

function defaultsOf(id: OperationId): Record<string, unknown> {
  const own = Object.entries(ownSettings(id)).map(([name, setting]) => [name, setting.default]);
  const fields = operationOf(id).settings.map((field: FieldId) => [field, FIELD_DEFAULTS[field]]);
  return Object.fromEntries([...own, ...fields]) as Record<string, unknown>;
}

/** @param node  of that operation, and sound: see check.ts */
export function settingsOf<Id extends OperationId>(id: Id, { settings }: WorkflowNode): SettingsOf<Id> {
  const said = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  return { ...defaultsOf(id), ...said } as SettingsOf<Id>;
}

/** What of these an operation reads and is not its default, in the table's order: two nodes that do the same say the same. */
export function saidSettings(id: OperationId, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const said = Object.entries(defaultsOf(id)).filter(
    ([name, usual]) => values[name] !== undefined && values[name] !== usual,
  );
  return Object.fromEntries(said.map(([name]) => [name, values[name]]));
}
