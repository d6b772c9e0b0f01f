/**
 * Settings of Deep Shrink, which Forge calls Kohya HRFix: from a block of the denoiser on, maps are smaller for a part of the steps. See fields.ts.
 * @see Forge extensions-builtin/sd_forge_kohya_hrfix, whose keys, ranges and defaults these are; it has a switch besides: see infotext/switches.ts
 */
import type { Field } from './field';
import { FLAG, labelled, type ValueKind } from './value-kinds';

/** Ways of scaling maps, the usual first. Forge has bislerp, too. */
export const SHRINK_WAYS = {
  bicubic: { label: 'Bicubic' },
  'nearest-exact': { label: 'Nearest exact' },
  bilinear: { label: 'Bilinear' },
  area: { label: 'Area' },
} as const;

/** In texts as Forge's menus have it. */
const WAY: ValueKind<string> = { ...labelled(SHRINK_WAYS), write: (id) => id };

/** Forge's word is whether maps become smaller after they are kept. */
const NOT_AFTER: ValueKind<boolean> = {
  name: FLAG.name,
  read(text) {
    const isAfter = FLAG.read(text);
    return isAfter === undefined ? undefined : !isAfter;
  },
  write: (keepsSmall) => FLAG.write(!keepsSmall),
};

const wayField = <Label extends string>(label: Label, key: string) =>
  ({
    kind: 'choice',
    label,
    group: 'guidance',
    choices: SHRINK_WAYS,
    default: 'bicubic',
    infotext: { key, kind: WAY },
  }) as const;

const shareField = <Label extends string>(label: Label, key: string, value: number) =>
  ({
    kind: 'number',
    label,
    group: 'guidance',
    ...{ min: 0, max: 1, step: 0.001, integer: false },
    default: value,
    infotext: { key },
  }) as const;

export const SHRINK_FIELDS = {
  shrinkBlock: {
    kind: 'number',
    label: 'Deep Shrink from block',
    group: 'guidance',
    ...{ min: 0, max: 32, step: 1, integer: true },
    default: 0,
    infotext: { key: 'kohya_hrfix_block_number' },
  },
  shrinkFactor: {
    kind: 'number',
    label: 'Deep Shrink factor',
    group: 'guidance',
    ...{ min: 0.1, max: 9, step: 0.001, integer: false },
    default: 2,
    infotext: { key: 'kohya_hrfix_downscale_factor' },
  },
  shrinkStart: shareField('Deep Shrink start', 'kohya_hrfix_start_percent', 0),
  shrinkEnd: shareField('Deep Shrink end', 'kohya_hrfix_end_percent', 0.35),
  shrinkKeepsSmall: {
    kind: 'flag',
    label: 'Deep Shrink before maps are kept',
    group: 'guidance',
    default: false,
    infotext: { key: 'kohya_hrfix_downscale_after_skip', kind: NOT_AFTER },
  },
  shrinkDown: wayField('Shrink maps by', 'kohya_hrfix_downscale_method'),
  shrinkUp: wayField('Grow maps by', 'kohya_hrfix_upscale_method'),
} as const satisfies Record<string, Field>;
