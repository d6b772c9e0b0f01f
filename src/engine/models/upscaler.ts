/** An upscaler: one session for patches of every size. */
import type { UpscalerEntry } from '../../core/catalog';
import { AppError } from '../../core/errors';
import { graphMemory, type BuiltGraph } from '../../core/graph';
import { openNetwork, usableBytes, type OpenNetwork } from '../../core/networks';
import { roleOf, type ComponentId } from '../../core/networks/components';
import type { UpscalerSizes } from '../../core/networks/network';
import { assertPack, openWeights, type OpenPack } from '../../core/packs';
import { lazyGraph } from '../../core/weights';
import type { Runtime, Session } from '../ports';

/** Pixels a side, the largest that fits is taken. Four times as large, 64 channels of the first in half precision are 128 MiB. */
export const PATCH_SIDES = [256, 192, 128, 96] as const;

/** How an upscaler is held here: outlives the device. */
export interface UpscalerRoom {
  /** Side of the largest patches that fit. */
  side: number;
  /** Half precision was too small for it. */
  isWide: boolean;
}

export interface UpscalerParts {
  entry: UpscalerEntry;
  open: OpenPack;
  runtime: Runtime;
  room: UpscalerRoom;
}

export class Upscaler {
  readonly entry: UpscalerEntry;
  readonly sizes: UpscalerSizes;
  readonly #open: OpenPack;
  readonly #runtime: Runtime;
  readonly #room: UpscalerRoom;
  readonly #component: ComponentId;
  readonly #network: OpenNetwork;
  #session: Session | undefined;
  /** Built once for each precision. */
  readonly #graphs = new Map<boolean, BuiltGraph>();

  /** @throws AppError 'bad-file' or 'unsupported-model' where the pack is of no upscaler that runs */
  constructor({ entry, open, runtime, room }: UpscalerParts) {
    const { pack } = open;
    const component = (Object.keys(pack.components) as ComponentId[]).find((id) => roleOf(id) === 'upscaler');
    if (!component) throw new AppError('bad-file', `${pack.name}: this is no upscaler.`);
    assertPack(pack);
    const config = pack.components[component]?.config;
    this.#network = openNetwork(component, { file: `${pack.name}: ${component}/config.json`, config });
    const { upscaler } = this.#network.sizes;
    if (!upscaler) throw new RangeError(`${component}: its network has no such sizes`);
    this.entry = entry;
    this.sizes = upscaler;
    this.#component = component;
    this.#open = open;
    this.#runtime = runtime;
    this.#room = room;
  }

  /** It computes in half precision, and there is another. */
  get isHalf(): boolean {
    return this.#runtime.device.halfPrecision === true && this.#open.pack.plan !== 'float32' && !this.#room.isWide;
  }

  /** Side of its patches, in pixels. */
  get patchSide(): number {
    const { device } = this.#runtime;
    const { maxBufferBytes = Infinity } = device;
    const usable = usableBytes(device) ?? Infinity;
    const sides = PATCH_SIDES.filter((side) => side <= this.#room.side);
    const graph = this.#graph();
    const fits = (side: number): boolean => {
      const cells = side / this.sizes.multiple;
      const { largestBytes, pooledBytes } = graphMemory(graph, { bindings: { batch: 1, height: cells, width: cells } });
      return largestBytes <= maxBufferBytes && pooledBytes <= usable;
    };
    return sides.find(fits) ?? PATCH_SIDES[PATCH_SIDES.length - 1];
  }

  /**
   * @param planes  RGB in 0…1, planar [3, height, width]; sides are multiples of `sizes.multiple`
   * @returns the same `sizes.scale` times as large, not clamped
   */
  async run(planes: Float32Array, { height, width }: { height: number; width: number }): Promise<Float32Array> {
    const session = await this.load();
    const { upscaled } = await session.run({ image: { data: planes, dims: [1, 3, height, width] } });
    return upscaled;
  }

  /** @throws AppError naming the file at fault, 'out-of-memory' */
  async load(): Promise<Session> {
    if (this.#session) return this.#session;
    const weights = await openWeights(this.#open, this.#component);
    const graph = this.#graph();
    weights.assertHolds(graph);
    this.#session = await this.#runtime.createSession(lazyGraph(graph, weights.read));
    return this.#session;
  }

  /** Lets it compute in full precision from now on. */
  async widen(): Promise<void> {
    this.#room.isWide = true;
    await this.dispose();
  }

  /** Patches of that side did not fit: the next are smaller. */
  shrink(side: number): void {
    const smaller = PATCH_SIDES.find((one) => one < side && one < this.#room.side);
    if (smaller !== undefined) this.#room.side = smaller;
  }

  async dispose(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.dispose();
  }

  #graph(): BuiltGraph {
    const { isHalf } = this;
    const graph =
      this.#graphs.get(isHalf) ??
      this.#network.build({ target: this.#runtime.target, activations: isHalf ? 'float16' : 'float32' });
    this.#graphs.set(isHalf, graph);
    return graph;
  }
}
