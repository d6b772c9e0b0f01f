/** How far one picture is: the engine's events folded into one value, and the words for it. */
import type { EngineEvent, NodeState, Pass, Pixels, Stage } from '../../../engine/api';
import { formatBytes, formatCountdown } from '../page/format';
import type { LoadProgress } from '../device/engine-session.svelte';

export interface Progress {
  /** `waiting`: for the device or the model. */
  stage: 'waiting' | Stage;
  /** Steps done. */
  step: number;
  /** Undefined where the sampler chooses its steps as it goes. */
  steps: number | undefined;
  /** Where the picture is denoised more than once. */
  pass?: Pass | undefined;
  secondsLeft?: number;
  loading?: LoadProgress;
  /** Where the picture is developed in tiles: the one that is begun, from 1, of how many. */
  tiles?: { tile: number; tiles: number } | undefined;
  preview?: Pixels;
  /** What was left out of the picture, a sentence each. */
  notices: readonly string[];
  /** How far each node of its workflow is, by their ids. */
  nodes?: Readonly<Record<string, NodeState>>;
}

export function startProgress(steps: number): Progress {
  return { stage: 'waiting', step: 0, steps, notices: [] };
}

export function advanceProgress(progress: Progress, event: EngineEvent): Progress {
  switch (event.type) {
    case 'stage':
      return { ...progress, stage: event.stage, tiles: undefined };
    case 'loading': {
      const { file, loadedBytes, totalBytes } = event;
      return { ...progress, stage: 'loading', loading: { file, loadedBytes, totalBytes } };
    }
    case 'step': {
      const { step, steps, secondsLeft, pass, preview = progress.preview } = event;
      return { ...progress, stage: 'denoising', step, steps, secondsLeft, pass, preview };
    }
    case 'tile': {
      const { tile, tiles } = event;
      return { ...progress, tiles: { tile, tiles } };
    }
    case 'painted':
      return { ...progress, preview: event.preview };
    case 'notice':
      return { ...progress, notices: [...progress.notices, event.message] };
    case 'node':
      return { ...progress, nodes: { ...progress.nodes, [event.node]: event.state } };
    case 'device':
    case 'loaded':
    case 'call':
    case 'forecasts':
      return progress;
    default: {
      const unknown: never = event;
      return unknown;
    }
  }
}

/** Share of the bar where denoising begins and ends; text encoding and decoding are short. */
const DENOISE_FROM = 0.05;
const DENOISE_TO = 0.92;

/** 0…1 over the whole picture; undefined while nothing can be said. */
export function progressFraction({ stage, step, steps, loading, tiles, pass }: Progress): number | undefined {
  if (stage === 'waiting' || stage === 'testing' || stage === 'loading') return loading && loadFraction(loading);
  if (pass?.isTile && stage !== 'enlarging') {
    const isLast = stage === 'encoding' || stage === 'decoding';
    return tileFraction(pass, isLast ? 1 : (steps ?? 0) > 0 ? step / Number(steps) : 0);
  }
  if (stage === 'encoding') return DENOISE_FROM / 2;
  if (stage === 'decoding' || stage === 'enlarging')
    return DENOISE_TO + (1 - DENOISE_TO) * (tiles ? (tiles.tile - 1) / tiles.tiles : 0);
  if (steps === undefined) return undefined;
  const { pass: nth, passes } = pass ?? { pass: 1, passes: 1 };
  return DENOISE_FROM + ((DENOISE_TO - DENOISE_FROM) * (nth - 1 + (steps > 0 ? step / steps : 0))) / passes;
}

/** The last tile that was told of is over as soon as another is read. */
function tileFraction({ pass, passes }: Pass, share: number): number {
  return DENOISE_FROM + ((DENOISE_TO - DENOISE_FROM) * (pass - 1 + share)) / passes;
}

export function loadFraction({ loadedBytes, totalBytes }: LoadProgress): number | undefined {
  return totalBytes > 0 ? Math.min(1, loadedBytes / totalBytes) : undefined;
}

export function loadText({ loadedBytes, totalBytes }: LoadProgress): string {
  return totalBytes > 0
    ? `${formatBytes(Math.min(loadedBytes, totalBytes))} of ${formatBytes(totalBytes)}`
    : formatBytes(loadedBytes);
}

function againOf(pass: Pass | undefined): string {
  if (pass?.isTile) return `Tile ${pass.pass} of ${pass.passes}, step`;
  return pass !== undefined && pass.pass > 1 ? `Pass ${pass.pass} of ${pass.passes}, step` : 'Step';
}

/** "Step 3 of 8, 12 s left". @param secondsLeft counted down since the last step, where known */
export function progressText(progress: Progress, secondsLeft = progress.secondsLeft): string {
  const { stage, step, steps, loading, tiles, pass } = progress;
  switch (stage) {
    case 'waiting':
      return 'Getting ready';
    case 'testing':
      return 'Testing the GPU';
    case 'loading':
      return loading ? `Loading the model, ${loadText(loading)}` : 'Loading the model';
    case 'encoding':
      if (pass?.isTile) return `Reading tile ${Math.min(pass.pass + 1, pass.passes)} of ${pass.passes}`;
      return tiles ? `Reading the picture, tile ${tiles.tile} of ${tiles.tiles}` : 'Reading the prompt';
    case 'decoding':
      if (pass?.isTile) return `Developing tile ${pass.pass} of ${pass.passes}`;
      return tiles ? `Developing, tile ${tiles.tile} of ${tiles.tiles}` : 'Developing the picture';
    case 'enlarging':
      return tiles ? `Enlarging, tile ${tiles.tile} of ${tiles.tiles}` : 'Enlarging the picture';
    case 'denoising': {
      const of = steps === undefined ? '' : ` of ${steps}`;
      if (step === 0) return `Step 1${of}`;
      const again = againOf(pass);
      const left = secondsLeft !== undefined && secondsLeft > 0.5 ? `, ${formatCountdown(secondsLeft)} left` : '';
      return `${again} ${step}${of}${left}`;
    }
    default: {
      const unknown: never = stage;
      return unknown;
    }
  }
}
