/** Brings a control to the person: unfolds what hides it, scrolls to it, focuses it. */
export function focusField(id: string): void {
  const field = document.getElementById(id);
  if (!field) return;
  for (let fold = field.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null)
    fold.open = true;
  field.focus();
}
