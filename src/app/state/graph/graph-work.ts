/** A workflow of ComfyUI that waits in line, ready for the engine: plain data, kept between visits. Types, and what a kept one must have. */
import type { Workflow } from '../../../core/workflow';

export interface GraphWork {
  /** What the line calls it: the file's name. */
  title: string;
  /** Id of this run alone. */
  run: string;
  workflow: Workflow;
  /** Nodes of the prompt that its pictures come from, in the engine's order. */
  outputs: readonly string[];
  /** Chunks of its pictures: what ran, and what ComfyUI's editor shows. */
  texts: Readonly<Record<string, string>>;
  /** The graph is the request's recipe and nothing more: its pictures say so in A1111's words too. */
  isRecipe: boolean;
  /** Pictures that it starts from, by the hashes of their pixels. */
  images: readonly string[];
  /** What the person chose for names in it: ids by folder and name. */
  choices: Readonly<Record<string, string>>;
}

/** What a picture remembers of the workflow that made it, beside the chunks in its file. */
export interface GraphOrigin extends Pick<GraphWork, 'title' | 'run' | 'images' | 'choices'> {
  /** The node of the prompt that gave it. */
  node: string;
}
