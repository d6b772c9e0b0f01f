/** Closing is asked about only where something would be lost: pictures that are not kept, or a line that no tab keeps. */
import type { Studio } from './studio.svelte';

export function wouldLose({ gallery, queue, line }: Pick<Studio, 'gallery' | 'queue' | 'line'>): boolean {
  const isWorking = queue.current !== undefined || queue.waiting.length > 0;
  return gallery.unkeptCount > 0 || (isWorking && !line.isKept);
}

export function askBeforeUnload(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
