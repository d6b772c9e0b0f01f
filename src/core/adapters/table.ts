/** The table of kinds of adapters: readers, tests and texts iterate it. Narrower ones stand first. */
import { boft } from './boft';
import { boftPeft } from './boft-peft';
import { full } from './full';
import { glora } from './glora';
import { ia3 } from './ia3';
import type { AdapterKind } from './kind';
import { loha } from './loha';
import { lokr } from './lokr';
import { lora } from './lora';
import { norm } from './norm';
import { oft } from './oft';
import { oftV2 } from './oft-v2';
import { replace } from './replace';
import { tuckerLora } from './tucker';

export const ADAPTERS = {
  tucker: tuckerLora,
  lora,
  loha,
  lokr,
  glora,
  ia3,
  boft,
  oft,
  oft_v2: oftV2,
  boft_peft: boftPeft,
  full,
  replace,
  norm,
} as const satisfies Record<string, AdapterKind>;

export type AdapterKindId = keyof typeof ADAPTERS;

export const adapterKindIds = (): AdapterKindId[] => Object.keys(ADAPTERS) as AdapterKindId[];

export const adapterKindOf = (id: AdapterKindId): AdapterKind => ADAPTERS[id];
