/** Which of several files a tag's name means. @see A1111 extensions-builtin/Lora/networks.py, available_network_aliases */

/** Its file's name without the ending, then what else prompts may call it. */
export type NamesOf<Item> = (item: Item) => readonly string[];

const FOLDERS = /^.*[\\/]/;
const ENDING = /\.(safetensors|pt|pth|bin|ckpt)$/i;

/**
 * The very letters come before those in another case, as A1111 knows no other, and a file's own name before what others call theirs. A name that several
 * files share, and none has as its own, means none of them: as A1111 has it, nothing is guessed. Where nothing is called so, the name
 * is read as a path: some programs write folder and ending.
 */
export function findNamed<Item>(name: string, items: readonly Item[], namesOf: NamesOf<Item>): Item | undefined {
  const found = exactly(name, items, namesOf);
  const plain = name.replace(FOLDERS, '').replace(ENDING, '');
  return found ?? (plain === name ? undefined : exactly(plain, items, namesOf));
}

function exactly<Item>(name: string, items: readonly Item[], namesOf: NamesOf<Item>): Item | undefined {
  const wanted = name.toLowerCase();
  const others = (item: Item): readonly string[] => namesOf(item).slice(1);
  return (
    items.find((item) => namesOf(item)[0] === name) ??
    only(items.filter((item) => others(item).includes(name))) ??
    items.find((item) => namesOf(item)[0]?.toLowerCase() === wanted) ??
    only(items.filter((item) => others(item).some((one) => one.toLowerCase() === wanted)))
  );
}

const only = <Item>(items: readonly Item[]): Item | undefined => (items.length === 1 ? items[0] : undefined);
