/** How much of each map a unit adds. @see reference: Mikubill/sd-webui-controlnet scripts/hook.py, enums.py ControlMode */

export const CONTROL_MODES = ['balanced', 'prompt', 'control'] as const;
export type ControlMode = (typeof CONTROL_MODES)[number];

/** Maps nearer to the picture count for less. */
const SOFTNESS = 0.825;
/** Place of the middle of SD 1.5's U-Net, which counts whole; SDXL's has the tenth number. */
const LAST = 12;
/** How many maps SDXL has. The middle of what has fewer, which A1111 does not know, counts whole, too. */
const KNOWN = 10;

/** Scales of a T2I-Adapter's features, from the largest downwards. */
const FEATURE_SCALES = [0.25, 0.62, 0.825, 1];

export interface ScaleOptions {
  weight: number;
  mode: ControlMode;
  /** Maps are softened as the other modes do it, whatever the mode. */
  isSoft?: boolean;
}

const isSoftened = ({ mode, isSoft = false }: ScaleOptions): boolean => isSoft || mode !== 'balanced';

/** Whether only what is guided towards is controlled, and not what is guided away from. */
export const isOfPositiveAlone = (mode: ControlMode): boolean => mode === 'control';

/** @param count  of a ControlNet's maps: 13, or SDXL's 10 */
export function residualScales(count: number, options: ScaleOptions): number[] {
  const soft = isSoftened(options);
  const last = count < KNOWN ? count - 1 : LAST;
  return Array.from({ length: count }, (_, k) => options.weight * (soft ? SOFTNESS ** (last - k) : 1));
}

/** @param count  of an adapter's features, the last of which is the deepest */
export function featureScales(count: number, options: ScaleOptions): number[] {
  const own = FEATURE_SCALES.slice(-count);
  const scales = [...Array.from({ length: count - own.length }, () => own[0]), ...own];
  return scales.map((scale) => options.weight * (isSoftened(options) ? scale : 1));
}
