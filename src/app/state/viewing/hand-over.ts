/** What is pressed goes from the page with its press: the focus goes on to what takes its place. */
let isDue = false;

/** Moves the focus before what has it goes. */
export function handFocusOver(): void {
  isDue = true;
}

/** What came instead takes the focus, unless the person has it elsewhere by now. @param node  undefined: there is none to take it */
export function takeFocusOver(node: HTMLElement | null | undefined): void {
  if (isDue && document.activeElement === document.body) node?.focus();
  isDue = false;
}
