/** A text file dropped on the page. */
import type { Page } from '@playwright/test';

export async function dropText(page: Page, name: string, text: string): Promise<void> {
  await page.evaluate(
    ([fileName, words]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([words], fileName));
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
    },
    [name, text] as const,
  );
}
