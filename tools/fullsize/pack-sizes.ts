/** How large the packs of the published families are, from their shapes alone. */
import { elementCount, isPalette, NBITS_BLOCK, nbitsFormOf } from '../../src/core/graph';
import { FAMILY_CONFIGS, type FamilyConfigs } from '../../src/core/families/configs';
import { plannedParts, type PlannedPart } from '../../src/core/packs/stored-parts';
import { PALETTE_BLOCK } from '../../src/core/weights';
import { formOfBell } from '../../src/core/weights/choose-bits';
import { DTYPE_PLANS, sensitivityOf, type DtypePlan } from '../../src/core/packs';
import type { ComponentId } from '../../src/core/networks/components';
import type { StoredForm } from '../../src/core/graph';

/** Bits of a value, with its share of the scales of a block. */
const BITS: Record<StoredForm, number> = {
  float32: 32,
  float16: 16,
  int8_channel: 8,
  nbits8: 8 + 16 / NBITS_BLOCK,
  nbits4: 4 + 16 / NBITS_BLOCK,
  palette4: 4 + 16 / PALETTE_BLOCK,
  palette5: 5 + 16 / PALETTE_BLOCK,
  palette6: 6 + 16 / PALETTE_BLOCK,
};

/** The same on a GPU with 16-bit floats: what is no packed matrix is widened. */
const LOADED_BITS: Record<StoredForm, number> = { ...BITS, float32: 16, int8_channel: 16 };

/**
 * Import chooses among palettes: here that for random numbers of a bell's shape, which trained weights are like. Loaded ones are in 8 bits
 * where they are matrices.
 */
function chosenForm(component: ComponentId, { key, shape, form }: PlannedPart, isLoaded: boolean): StoredForm {
  if (!isPalette(form)) return form;
  if (isLoaded) return nbitsFormOf(form, shape) ?? 'float16';
  return formOfBell({ shape, sensitivity: sensitivityOf({ component, key, shape }) });
}

export const FAMILIES = ['sd15', 'sd21', 'sdxl', 'sdxl-refiner'] as const;
type Family = (typeof FAMILIES)[number];

/** Bytes of all that painting loads: without the encoder of pictures. */
export function loadedBytes(family: Family, plan: DtypePlan): number {
  return componentsOf(family)
    .filter(([component]) => component !== 'vae_encoder')
    .reduce((sum, [component, config]) => sum + sizeOf(plan, component, config, LOADED_BITS), 0);
}

export function packBytes(family: Family, plan: DtypePlan): number {
  return componentsOf(family).reduce((sum, [component, config]) => sum + sizeOf(plan, component, config), 0);
}

/** @returns lines of a table, in megabytes (10^6) */
export function packSizes(): string {
  return FAMILIES.flatMap((family) =>
    Object.entries<DtypePlan>(DTYPE_PLANS).map(([id, plan]) => {
      const sizes = componentsOf(family).map(
        ([component, config]) => [component, sizeOf(plan, component, config)] as const,
      );
      const whole = packBytes(family, plan);
      const parts = sizes.map(([component, size]) => `${component} ${megabytes(size)}`).join(', ');
      return `| ${family} | ${id} | ${megabytes(whole)} | ${parts} |`;
    }),
  ).join('\n');
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

function componentsOf(family: Family): [ComponentId, unknown][] {
  const configs: FamilyConfigs = FAMILY_CONFIGS[family];
  const { unet, vae } = configs;
  const texts = (['text_encoder', 'text_encoder_2'] as const).filter((id) => configs[id]);
  return [
    ...texts.map((id): [ComponentId, unknown] => [id, configs[id]]),
    ['unet', unet],
    ['vae_decoder', vae],
    ['vae_encoder', vae],
  ];
}

function sizeOf(plan: DtypePlan, component: ComponentId, config: unknown, bits = BITS): number {
  return plannedParts(component, { file: component, config }, plan).reduce((sum, part) => {
    const { shape } = part;
    const form = chosenForm(component, part, bits !== BITS);
    const scales = form === 'int8_channel' && bits === BITS ? 4 * shape[0] : 0;
    return sum + (bits[form] / 8) * elementCount(shape) + scales;
  }, 0);
}
