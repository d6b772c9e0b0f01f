/** What the model said of x, or what is said in its place. */

export interface Answer {
  /** Guided, and that of the negative prompt where a sampler asks for it. */
  denoised: Float32Array;
  uncond: Float32Array;
}

/** An answer, and the means of x that it was given to. */
export interface Placed extends Answer {
  /** [channels] */
  means: Float32Array;
}
