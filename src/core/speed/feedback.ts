/**
 * How x0 answers to x, as far as the means of channels go. Guidance makes of "too little" far too much: where x is a little grey, x0 by the prompt for grey is
 * grey still, x0 without it follows x, and their difference times the scale throws x0 to the other side. Held while x goes on, as forecasts
 * are, an answer like that overshoots further with every answer. So the slope is taken from the answers there are, and what is forecast gives way as x moves.
 */
import type { Placed } from './answer';

/** Beyond, a step of a run of 20 would itself overshoot. */
const STEEPEST = 3;
/** Before there is a second answer: where x0 without the prompt follows x whole it would be −(scale − 1), with the prompt it follows a little. */
const FIRST = { ofGuidance: 2 / 3, atMost: 2 };

export class Feedback {
  readonly #channels: number;
  readonly #first: number;
  readonly #steepest: number;
  #rises = 0;
  #runs = 0;

  /** @param channels  of the latent; 0: x0 does not give way @param cfgScale  of the guidance, 1 without */
  constructor(channels: number, cfgScale: number) {
    this.#channels = channels;
    const pull = channels === 0 ? 0 : Math.max(0, cfgScale - 1);
    this.#first = -Math.min(FIRST.atMost, FIRST.ofGuidance * pull);
    this.#steepest = -Math.min(STEEPEST, pull);
  }

  /** Change of x0's means with those of x, 1 − scale…0 and at least −3: only what guidance pushes back is followed. */
  get slope(): number {
    return this.#runs > 0 ? Math.max(this.#steepest, Math.min(0, this.#rises / this.#runs)) : this.#first;
  }

  /** What x tells of the means of x0: its own, the less the more noise is in them. @returns [channels] */
  meansOf(x: Float32Array, sigma: number): Float32Array {
    const cells = x.length / this.#channels;
    return this.#means(x).map((mean) => (mean * cells) / (cells + sigma * sigma));
  }

  /** Least squares over the changes from one answer to the next. */
  learn(from: Placed, to: Placed): void {
    const [before, after] = [this.#means(from.denoised), this.#means(to.denoised)];
    for (let c = 0; c < this.#channels; c++) {
      const run = to.means[c] - from.means[c];
      this.#rises += run * (after[c] - before[c]);
      this.#runs += run * run;
    }
  }

  /** The answer where x is another. */
  moved(answer: Placed, x: Float32Array, sigma: number): Float32Array {
    const { slope } = this;
    if (slope === 0) return answer.denoised.slice();
    const cells = x.length / this.#channels;
    const change = this.meansOf(x, sigma).map((mean, c) => slope * (mean - answer.means[c]));
    return answer.denoised.map((value, i) => value + change[Math.floor(i / cells)]);
  }

  #means(x: Float32Array): Float32Array {
    const cells = x.length / this.#channels;
    return Float32Array.from({ length: this.#channels }, (_, c) => {
      let sum = 0;
      for (let i = c * cells; i < (c + 1) * cells; i++) sum += x[i];
      return sum / cells;
    });
  }
}
