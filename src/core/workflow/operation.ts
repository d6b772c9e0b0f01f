/** What a line of OPERATIONS says. */
import type { FieldId } from '../recipe/request';

/** What travels on wires. `model` is a reference: nothing is loaded to pass it on. */
export type WireType =
  'model' | 'conditioning' | 'guides' | 'sigmas' | 'latent' | 'image' | 'mask' | 'control' | 'begun';

/** A setting that is no setting of recipes. */
export type OwnSetting =
  | { kind: 'text'; default: string }
  | { kind: 'flag'; default: boolean }
  | { kind: 'count'; default: number }
  | { kind: 'number'; default: number }
  | { kind: 'choice'; choices: readonly string[]; default: string };

export interface Operation {
  /** `?`: may be left out. */
  inputs: Readonly<Record<string, WireType | `${WireType}?`>>;
  /** Settings of recipes that it reads. */
  settings: readonly FieldId[];
  own?: Readonly<Record<string, OwnSetting>>;
  outputs: Readonly<Record<string, WireType>>;
}

export const count = (value = 0) => ({ kind: 'count', default: value }) as const;
export const number = (value = 0) => ({ kind: 'number', default: value }) as const;
export const text = { kind: 'text', default: '' } as const;
export const flag = { kind: 'flag', default: false } as const;
export const choice = <const Choices extends readonly string[]>(choices: Choices) =>
  ({ kind: 'choice', choices, default: choices[0] }) as { kind: 'choice'; choices: Choices; default: string };
