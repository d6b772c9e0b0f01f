/** The form as it was before the built-in model's pictures were enlarged: what a tool or a spec paints is what the model paints. */

/** As somebody has it who has switched that off. @param {{ addInitScript(script: () => void): Promise<unknown> }} target  a page or a context, before it opens the app */
export async function beginPlain(target) {
  await target.addInitScript(() => {
    try {
      if (localStorage.getItem('gesso') === null) localStorage.setItem('gesso', JSON.stringify({ advanced: {} }));
    } catch {
      // A page without storage: it isn't the app.
    }
  });
}
