/** What the form asks for goes into the line; texts that are to be drawn are drawn first, by what is fetched for the first of them. */
import type { GenerationRequest } from '../../../core/recipe/request';
import { usesTemplate } from '../../../core/wildcards/uses-template';
import { fetchPart } from '../page/fetch-part';
import type { Job } from '../line/job';
import type { AddOptions } from '../line/work';
import type { AskParts, Words, WordStore } from './words.svelte';

interface Parts extends AskParts {
  openStore: ((name?: string) => Promise<WordStore>) | undefined;
}

export class Drawing {
  readonly #parts: Parts;
  #words = $state.raw<Words>();
  #opening: Promise<Words | undefined> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get openStore(): Parts['openStore'] {
    return this.#parts.openStore;
  }
  /** Lists and words; there once they were wanted. */
  get words(): Words | undefined {
    return this.#words;
  }

  /** Undefined where it cannot be fetched, which has been said. */
  async open(): Promise<Words | undefined> {
    const { openStore, say } = this.#parts;
    this.#opening ??= fetchPart(async () => (await import('./words.svelte')).openWords(openStore), say);
    this.#words = await this.#opening;
    if (!this.#words) this.#opening = undefined;
    return this.#words;
  }

  /** False where the line is full. */
  ask(request: GenerationRequest, options: AddOptions): boolean {
    if (!usesTemplate(`${request.prompt}\n${request.negativePrompt}`)) return this.#parts.enqueue(request, options);
    void this.open().then((words) => words?.ask(request, options, this.#parts));
    return true;
  }

  /** One more of the same, while it goes on for ever. */
  again(request: GenerationRequest, extras: Job['extras']): Pick<Job, 'request' | 'extras' | 'prompts'> {
    return { request, extras, ...this.#words?.drawnIfSound(request, { extras }, this.#parts.say) };
  }
}
