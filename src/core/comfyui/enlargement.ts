/** How much a picture grows between two samplers: what the nodes between make of its size, in their order. */
import type { Growth, Size } from './growth';

export interface Enlargement {
  factor?: number;
  width?: number;
  height?: number;
  /** Why nobody knows by how much: a sentence. */
  unsure?: string;
}

/** What the growths before led to. */
interface State {
  /** The size, or where `unsure` is said only its shape; undefined where neither is known. */
  size?: Size;
  /** Against the first size; undefined where that is not known, or its shape is another. */
  factor?: number;
  unsure?: string;
}

/** Ratios of both sides that are as near as this are one. */
const SAME_RATIO = 1e-9;

/**
 * Nothing that stands before a node counts where that node says what size it gives.
 *
 * @param first  size that is enlarged; without it only factors and sizes that are said are known
 */
export function enlargementOf(growths: readonly Growth[], first: Partial<Size>): Enlargement {
  const { width = 0, height = 0 } = first;
  const from = width > 0 && height > 0 ? { width, height } : undefined;
  const { size, factor, unsure } = growths.reduce<State>((state, growth) => grow(state, growth, from), {
    size: from,
    factor: 1,
  });
  if (unsure !== undefined) return { unsure };
  if (factor !== undefined) return growths.length === 0 ? {} : { factor };
  return size ? { width: Math.round(size.width), height: Math.round(size.height) } : {};
}

function grow({ size, factor, unsure }: State, growth: Growth, first: Size | undefined): State {
  if ('by' in growth)
    return {
      size: size && { width: size.width * growth.by, height: size.height * growth.by },
      factor: factor === undefined ? undefined : factor * growth.by,
      unsure,
    };
  if ('to' in growth) return { size: growth.to };
  if ('unsure' in growth) return { size: growth.keepsShape ? size : undefined, unsure: growth.unsure };
  const made = size && growth.of(size, unsure === undefined);
  if (!made) return growth.orElse ? { size: growth.orElse } : { unsure: unsure ?? growth.why };
  return { size: made, factor: first && ratioOf(first, made) };
}

/** Undefined where the shape is another. */
function ratioOf(first: Size, { width, height }: Size): number | undefined {
  const [across, down] = [width / first.width, height / first.height];
  return Math.abs(across - down) <= SAME_RATIO * down ? down : undefined;
}
