/** Brings a control to the person: unfolds what hides it, scrolls to it, focuses it. @returns whether it is there, and has the focus */
export function focusField(id: string): boolean {
  const field = document.getElementById(id);
  if (!field) return false;
  for (let fold = field.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null)
    fold.open = true;
  field.focus();
  return document.activeElement === field;
}
