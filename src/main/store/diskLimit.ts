import { randomUUID } from 'node:crypto'
import { rmSync, statSync, writeFileSync } from 'node:fs'
import { diskLimits } from '../../shared/errors.ts'

/** SQLite writes its log in pieces smaller than this. */
const probeBytes = 2 ** 20

/**
 * Why no more can be written at `path`, where SQLite says only that the disk reported an error: the system is asked by
 * writing a little beside it. `undefined` where nothing of that kind stands against it.
 */
export function diskLimit(path: string): string | undefined {
  const probe = `${path}.${randomUUID()}`
  try {
    if (sizesOf(path).some((size) => size + probeBytes > fileSizeLimit())) return diskLimits['EFBIG']
    writeFileSync(probe, new Uint8Array(probeBytes), { flag: 'wx' })
    return undefined
  } catch (error) {
    return diskLimits[(error as NodeJS.ErrnoException).code ?? '']
  } finally {
    rmSync(probe, { force: true })
  }
}

function sizesOf(path: string): number[] {
  return [path, `${path}-wal`, `${path}-journal`].map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0)
}

/** What `ulimit -f` says, in bytes. */
function fileSizeLimit(): number {
  const { userLimits } = process.report.getReport() as { userLimits?: { file_size_blocks?: { soft: number | string } } }
  const { soft } = userLimits?.file_size_blocks ?? {}
  return typeof soft === 'number' ? soft : Infinity
}
