/** All files of a job, one after another, with one progress over them all. */
import { downloadFile } from '../net/download-file';
import { createPartStore } from '../net/part-store';
import type { LibraryJob } from './jobs';
import { atMirror } from './plan-job';
import type { LibraryPorts } from './ports';
import type { Task } from './task';

export interface FetchedFile {
  name: string;
  blob: Blob;
  /** Where it has been checked. */
  sha256?: string;
}

/** @throws AppError as downloadFile */
export async function fetchJob(job: LibraryJob, partNames: string[], hub: string, ports: LibraryPorts, task: Task) {
  const sizes = job.files.map(({ byteLength }) => byteLength ?? 0);
  const files: FetchedFile[] = [];
  for (const [i, file] of job.files.entries()) {
    const before = sum(sizes.slice(0, i));
    const blob = await downloadFile(
      { ...file, url: atMirror(file.url, hub) },
      createPartStore(ports.values, partNames[i] ?? ''),
      {
        ports: ports.download,
        signal: task.signal,
        ...(ports.chunkBytes !== undefined && { chunkBytes: ports.chunkBytes }),
        progress: {
          bytes(present, total) {
            sizes[i] = total;
            task.progress('downloading', before + present, sum(sizes));
          },
          verified: (bytes, total) => task.progress('verifying', bytes, total, file.name),
          waiting: (reason, ms) => task.wait(reason, ms),
        },
      },
    );
    files.push({ name: file.name, blob, ...(file.sha256 && { sha256: file.sha256 }) });
  }
  return files;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
