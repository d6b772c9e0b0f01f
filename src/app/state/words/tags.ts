/** Lists of tags as a1111-sd-webui-tagcomplete has them: `name,category,count,"alias,alias"`. Files of one's own: none comes with the page. */
import { AppError } from '../../../core/errors';

export interface Tag {
  /** The tag as it is typed: with blanks. */
  name: string;
  /** Pictures it is on, 0 where that is not said. */
  count: number;
  aliases: readonly string[];
}

/** Danbooru's whole list has 140,000. */
const MOST_TAGS = 400_000;

/** The most used first. @throws AppError 'bad-file' where it is no such list */
export function readTags(name: string, csv: string): Tag[] {
  const tags = csv
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .slice(0, MOST_TAGS)
    .flatMap(readLine);
  if (tags.length === 0)
    throw new AppError('bad-file', `${name}: it holds no tags; lines are "name,category,count,aliases".`);
  return tags.sort((a, b) => b.count - a.count);
}

function readLine(line: string): Tag[] {
  const [, quoted, bare = '', count = '0', aliases = ''] =
    /^(?:"([^"]+)"|([^,"]+))(?:,[^,]*(?:,(\d*)(?:,"?([^"]*)"?)?)?)?$/.exec(line.trim()) ?? [];
  const tag = (quoted ?? bare).trim();
  if (tag === '' || tag === 'name' || tag.startsWith('#')) return [];
  return [
    {
      name: spaced(tag),
      count: Number(count),
      aliases: aliases
        .split(',')
        .map(spaced)
        .filter((one) => one !== ''),
    },
  ];
}

/** Faces such as `^_^` keep their line. */
const spaced = (tag: string): string => (/[a-z0-9]/i.test(tag) ? tag.trim().replaceAll('_', ' ') : tag.trim());
