/** The ControlNet that comes with the app, as the library lists those of a person. */
import { BUILT_IN_CONTROL } from '../../../core/catalog/built-in-control';
import { familyIds, familyOf } from '../../../core/families';
import type { StoredModel } from '../../../engine/library-api';

const { id, name, downloadBytes: bytes } = BUILT_IN_CONTROL;

/** Undefined where no model is built in. */
const family = familyIds().find((one) => familyOf(one).builtIn !== undefined);

export const BUILT_IN_CONTROLS: readonly StoredModel[] = family
  ? [{ id, name, family, bytes, plan: 'q8', isHelper: true, control: 'network', addedAt: 0, fileName: id }]
  : [];

export const isBuiltInControl = (one: Pick<StoredModel, 'id'>): boolean => one.id === id;
