/** What both layouts of the page are given. */
import type { Studio } from './studio.svelte';

export interface LayoutProps {
  studio: Studio;
  ongenerate: () => void;
  onsuggest: (prompt: string) => void;
  onsyntax: () => void;
}
