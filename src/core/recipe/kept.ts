/**
 * What is kept for years has a version: a shape that changes gets one step from the version before, and everything older
 * comes up step by step. What is written without a version is of version 1.
 */

export type Kept = Readonly<Record<string, unknown>>;

/** Leads from one version to the next. Never throws: whatever is missing stays missing, and its reader says so. */
export type Step = (old: Kept) => Kept;

export interface KeptShape {
  version: number;
  /** The value with its version, as it is to be kept. */
  stamp<Value extends object>(value: Value): Value & { version: number };
  /** The value as the present version has it. What a newer version of the app has written is left as it is. */
  raise(value: Kept): Kept;
  /** The same without its version: only what is kept has one. */
  open(value: Kept): Kept;
}

/** @param steps  the first leads from version 1 to 2 */
export function keptShape(...steps: Step[]): KeptShape {
  const current = steps.length + 1;
  function raise(value: Kept): Kept {
    const { version = 1 } = value;
    if (typeof version !== 'number' || !Number.isInteger(version) || version < 1 || version >= current) return value;
    return { ...steps.slice(version - 1).reduce((shape, step) => step(shape), value), version: current };
  }

  return {
    version: current,
    stamp: (value) => ({ ...value, version: current }),
    raise,
    open(value) {
      const opened: Record<string, unknown> = { ...raise(value) };
      delete opened['version'];
      return opened;
    },
  };
}
