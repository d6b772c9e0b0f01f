/** The picture beside what is painted, made again while somebody paints or types. Nothing of it is kept unless it is asked for. */
import { toAppError, type AppError, type ErrorCode } from '../../../core/errors';
import { pixelHashBeside } from '../../../core/image/pixel-hash';
import type { GenerationRequest } from '../../../core/recipe/request';
import { usesTemplate } from '../../../core/wildcards/uses-template';
import type { Pixels } from '../../../engine/api';
import { estimateSeconds } from '../line/estimate';
import { drawSeed, RANDOM_SEED } from '../settings/seed';
import type { Studio } from '../studio.svelte';
import { liveRequest, paceText } from './live-request';

/** What is started from. Neither is changed by whoever gave it. */
export interface Source {
  picture: Pixels;
  mask: Pixels | undefined;
}

type Parts = Pick<
  Studio,
  'settings' | 'engine' | 'queue' | 'startPictures' | 'gallery' | 'drawing' | 'enqueue' | 'said'
>;

/** The next stroke would end the same way. */
const LASTING: ReadonlySet<ErrorCode> = new Set(['out-of-memory', 'device-lost', 'runtime']);

/** Milliseconds of rest after a change, for what comes with it; at most MOST_MS after the first of many. */
const REST_MS = 120;
const MOST_MS = 600;

export type LiveState = 'off' | 'painting' | 'waiting' | 'hidden' | 'ready';

interface Made extends Source {
  request: GenerationRequest;
  result: Pixels;
}

export class Live {
  readonly #parts: Parts;
  readonly #source: () => Source | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #firstAt: number | undefined;
  #abort: AbortController | undefined;
  /** Something has changed since the picture under way was begun. */
  #isWanted = false;
  #seed = drawSeed();
  /** It is used in the place of one that the form says. */
  #isOtherSeed = false;

  #isOn = $state(false);
  #isHidden = $state(false);
  #isPainting = $state(false);
  #made = $state.raw<Made>();
  #seconds = $state<number>();
  #problem = $state<string>();

  /** The line moves, or will as soon as it may: it comes first. */
  readonly isHeldUp = $derived.by(() => {
    const { current, waiting } = this.#parts.queue;
    return current !== undefined || waiting.some(({ isHeld }) => !isHeld);
  });
  readonly state: LiveState = $derived.by(() => {
    if (!this.#isOn) return 'off';
    if (this.#isHidden) return 'hidden';
    if (this.isHeldUp) return 'waiting';
    return this.#isPainting ? 'painting' : 'ready';
  });
  /** How long a picture takes, in a sentence. */
  readonly pace = $derived.by(() => paceText(this.#seconds ?? this.#estimate(), this.#parts.settings.model.name));

  /** @param source  what is painted by now; undefined while there is none */
  constructor(parts: Parts, source: () => Source | undefined) {
    this.#parts = parts;
    this.#source = source;
  }

  get isOn(): boolean {
    return this.#isOn;
  }
  set isOn(isOn: boolean) {
    this.#isOn = isOn;
    this.#problem = undefined;
    this.#isOtherSeed = false;
    if (isOn) this.touch();
    else this.#stop();
  }
  get picture(): Pixels | undefined {
    return this.#made?.result;
  }
  /** Seconds that the last picture took, from the change that asked for it. */
  get seconds(): number | undefined {
    return this.#seconds;
  }
  /** Why there is no picture, in a sentence. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Something is different. @param isDone  a stroke has ended: what is under way is of no use any more */
  touch(isDone = true): void {
    if (!this.#isOn) return;
    this.#isWanted = true;
    if (isDone) this.#abort?.abort();
    this.#plan();
  }

  /** The line begins to move, or stands: it goes first, and is followed. */
  follow(): void {
    if (this.isHeldUp) this.#abort?.abort();
    else if (this.#isWanted) this.#plan();
  }

  hide(isHidden: boolean): void {
    this.#isHidden = isHidden;
    if (isHidden) this.#abort?.abort();
    else if (this.#isWanted) this.#plan();
  }

  /** Paints with another seed, whatever the form's is. */
  another(): void {
    this.#seed = drawSeed();
    this.#isOtherSeed = true;
    this.touch();
  }

  /** Puts the picture that is shown in line, as it was asked for. False where there is none. @throws AppError 'quota' */
  async keep(): Promise<boolean> {
    const made = this.#made;
    if (!made) return false;
    for (const pixels of [made.picture, made.mask]) if (pixels) await this.#parts.startPictures.put(pixels);
    return this.#parts.enqueue(made.request);
  }

  close(): void {
    this.isOn = false;
    this.#made = undefined;
    this.#parts.startPictures.lend({});
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#firstAt = undefined;
    this.#isWanted = false;
    this.#abort?.abort();
  }

  #plan(): void {
    clearTimeout(this.#timer);
    this.#firstAt ??= performance.now();
    const rest = Math.min(REST_MS, this.#firstAt + MOST_MS - performance.now());
    this.#timer = setTimeout(() => void this.#run(), Math.max(0, rest));
  }

  async #run(): Promise<void> {
    if (this.#abort || this.isHeldUp || this.#isHidden || !this.#isOn || !this.#isWanted) return;
    const since = this.#firstAt ?? performance.now();
    this.#firstAt = undefined;
    this.#isWanted = false;
    const abort = (this.#abort = new AbortController());
    this.#isPainting = true;
    try {
      const made = await this.#paint(abort.signal);
      if (made && !abort.signal.aborted) {
        this.#made = made;
        this.#seconds = (performance.now() - since) / 1000;
      }
      this.#problem = undefined;
    } catch (thrown) {
      this.#fail(toAppError(thrown));
    } finally {
      this.#abort = undefined;
      this.#isPainting = false;
    }
    if (this.#isWanted) this.#plan();
  }

  #fail({ code, message }: AppError): void {
    if (code === 'cancelled') this.#isWanted ||= this.#isOn;
    else if (LASTING.has(code)) {
      this.isOn = false;
      this.#parts.said = `Live is off. ${message}`; // its own place on the page is gone
    } else this.#problem = message;
  }

  async #paint(signal: AbortSignal): Promise<Made | undefined> {
    const { settings, engine, startPictures } = this.#parts;
    const source = this.#source();
    if (!source) return undefined;
    const { picture, mask } = source;
    const [initImage, initMask] = await Promise.all([pixelHashBeside(picture), mask && pixelHashBeside(mask)]);
    const request = await this.#request({ initImage, initMask });
    startPictures.lend({ [initImage]: picture, ...(mask && initMask !== undefined && { [initMask]: mask }) });
    const { pixels } = await engine.generate({ request, model: settings.model }, () => undefined, signal);
    return { picture, mask, request, result: pixels };
  }

  /** The form's request; a random seed stays the same while one paints, and so does another that was asked for. @throws AppError 'bad-request' */
  async #request(named: Parameters<typeof liveRequest>[1]): Promise<GenerationRequest> {
    const { settings, drawing } = this.#parts;
    const form = settings.toRequest(() => this.#seed);
    const request = liveRequest(this.#isOtherSeed ? { ...form, seed: this.#seed } : form, named);
    if (!usesTemplate(`${request.prompt}\n${request.negativePrompt}`)) return request;
    const words = await drawing.open();
    const [drawn] = words?.drawnIfSound(request, {}, (said) => (this.#problem = said)).prompts ?? [];
    return drawn ? { ...request, ...drawn } : request;
  }

  #estimate(): number | undefined {
    const { settings, gallery } = this.#parts;
    const draft = settings.toDraft();
    const named = { initImage: draft.initImage ?? 'the sheet' };
    if (draft.seed === RANDOM_SEED) draft.seed = this.#seed;
    return estimateSeconds([liveRequest(draft, named)], gallery.pictures);
  }
}
