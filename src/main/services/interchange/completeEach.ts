import { readStartFile } from './initialStateFile.ts'
import type { CompletedInput, DatasetReader } from './datasetFile.ts'
import { readEach } from './readEach.ts'

/**
 * Completes the data of each specification. Where they cannot be taken, a start that cannot be read either is told with them.
 * Throws INVALID_FILE, which names every file that is refused.
 */
export async function completeEach(
  inputs: readonly unknown[],
  folder: string,
  { complete }: Pick<DatasetReader, 'complete'>,
): Promise<CompletedInput[]> {
  const completed: CompletedInput[] = []
  const refused: (() => Promise<void>)[] = []
  for (const input of inputs) {
    try {
      completed.push(await complete(input, folder))
    } catch (error) {
      refused.push(
        () => Promise.reject(error as Error),
        () => readStartOf(input, folder),
      )
    }
  }
  await readEach(refused, (read) => read())
  return completed
}

/** What a start holds is looked at later, when the sizes of the data are known. */
async function readStartOf(input: unknown, folder: string): Promise<void> {
  const { initialization } = input as { initialization?: unknown }
  const { kind, path } = (initialization ?? {}) as { kind?: unknown; path?: unknown }
  if (kind === 'file' && typeof path === 'string') await readStartFile(path, folder)
}
