/** What is measured, the most telling first: what does not fit into the time is left out from the end. */
import type { BenchComponent, BenchFamily, CallShape } from '../../../src/core/bench';
import type { DtypePlanId } from '../../../src/core/packs';

/** One network in one form, at several sizes. */
export interface NetworkStep {
  kind: 'network';
  id: string;
  family: BenchFamily;
  component: BenchComponent;
  /** How matrices lie on the device: `float16` widens them to the activations. */
  plan: DtypePlanId;
  subgroups: boolean;
  calls: readonly CallShape[];
}

/** The U-Net of Stable Diffusion 1.5 as torch.onnx exports it. */
export interface PeerStep {
  kind: 'peer';
  id: string;
  calls: readonly CallShape[];
}

/** All parity cases. */
export interface ParityStep {
  kind: 'parity';
  id: string;
  activations: 'float32' | 'float16';
  subgroups: boolean;
}

/** The cases of the app's own self-test. */
export interface SelfTestStep {
  kind: 'self-test';
  id: string;
  subgroups: boolean;
}

/** Products of matrices: our kernels, and the runtime's; whole pictures of the built-in model. */
export interface PlainStep {
  kind: 'peaks' | 'runtime-peaks' | 'pictures';
  id: string;
}

export type CheckStep = NetworkStep | PeerStep | ParityStep | SelfTestStep | PlainStep;

type Side = 512 | 768 | 1024;

/** Sides of the quick check, in place of the true ones. */
const QUICK_SIDES: Record<Side, number> = { 512: 64, 768: 128, 1024: 192 };

export function checkPlan(isQuick: boolean): readonly CheckStep[] {
  const square = (side: Side, batch: number): CallShape => {
    const pixels = isQuick ? QUICK_SIDES[side] : side;
    return { width: pixels, height: pixels, batch };
  };
  const network = (
    name: `${BenchFamily} ${BenchComponent} ${DtypePlanId}`,
    calls: readonly CallShape[],
    subgroups = true,
  ): NetworkStep => {
    const [family, component, plan] = name.split(' ') as [BenchFamily, BenchComponent, DtypePlanId];
    const sizes = calls.map(({ width, batch }) => `${width}x${batch}`).join(' ');
    const id = `${name} ${subgroups ? 'subgroups' : 'plain'} ${sizes}`;
    return { kind: 'network', id, family, component, plan, subgroups, calls };
  };
  const peer = (calls: readonly CallShape[]): PeerStep => ({ kind: 'peer', id: `peer ${calls[0].width}`, calls });
  const parity = (activations: 'float32' | 'float16', subgroups: boolean): ParityStep => ({
    kind: 'parity',
    id: `parity ${activations} ${subgroups ? 'subgroups' : 'plain'}`,
    activations,
    subgroups,
  });
  const pair = (side: Side): CallShape[] => [square(side, 2), square(side, 1)];
  const guided = (...sides: Side[]): CallShape[] => sides.map((side) => square(side, 2));
  const single = (...sides: Side[]): CallShape[] => sides.map((side) => square(side, 1));
  return [
    { kind: 'self-test', id: 'self-test subgroups', subgroups: true },
    { kind: 'pictures', id: 'pictures' },
    { kind: 'peaks', id: 'peaks' },
    network('sd15 unet q8', pair(512)),
    network('sd15 unet float16', pair(512)),
    peer(pair(512)),
    parity('float16', true),
    { kind: 'runtime-peaks', id: 'runtime-peaks' },
    network('sd15 vae_decoder float16', single(512)),
    network('sd15 text_encoder q8', single(512)),
    network('sdxl unet q8', pair(1024)),
    { kind: 'self-test', id: 'self-test plain', subgroups: false },
    network('sd15 unet q8', pair(512), false),
    parity('float32', true),
    network('sd-turbo unet q8', single(512)),
    network('sd15 unet q8', guided(768, 1024)),
    network('sdxl unet float16', guided(1024)),
    parity('float16', false),
    network('sd15 unet float16', guided(768, 1024)),
    peer(guided(768, 1024)),
    network('sd15 unet q8', guided(768, 1024), false),
    network('sd15 unet q4', guided(512)),
    network('sdxl unet q4', guided(1024)),
    network('sdxl vae_decoder float16', single(1024)),
    network('sdxl text_encoder_2 q8', single(512)),
    network('sdxl unet q8', guided(512, 768)),
    network('sd-turbo unet float16', single(512)),
    parity('float32', false),
    network('sdxl unet q8', guided(1024), false),
    network('sd15 unet q8', single(768, 1024)),
    network('sd-turbo text_encoder q8', single(512)),
    network('sd15 text_encoder float16', single(512)),
    network('sd-turbo unet q8', single(768, 1024)),
    network('sdxl unet q8', single(512, 768)),
  ];
}
