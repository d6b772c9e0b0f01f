/** What has the focus in a dialog that opens: the dialog itself, so that its title is read out, and no button of it is lit. */

/**
 * For `onOpenAutoFocus` of bits-ui's dialogs, which otherwise leave the focus on what is hidden behind them.
 *
 * @param box  the dialog; what has taken the focus in it keeps that
 */
export function takeFocus(box: () => HTMLElement | null): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    requestAnimationFrame(() => {
      const dialog = box();
      if (dialog && !dialog.contains(document.activeElement)) dialog.focus({ preventScroll: true });
    });
  };
}
