import { statSync } from 'node:fs'
import { cpus, freemem, totalmem } from 'node:os'
import type { BackendDescription, BackendTiming, MachineDescription } from '../../shared/machine.ts'
import { version } from '../../shared/version.ts'
import type { Caller } from '../engine/caller.ts'
import type { Archive } from '../store/archive.ts'

/** What is on this machine, and how fast it is. */
export interface MachineService {
  describe(): Promise<MachineDescription>
  benchmark(): Promise<BackendTiming[]>
  multiplyAddsPerSecond(): number
}

/** Before anything is measured: plain TypeScript on a slow core. */
const assumedMultiplyAddsPerSecond = 2e9

export function createMachineService(
  archive: Archive,
  caller: Caller,
  slots: number,
  cacheFolder: string,
): MachineService {
  let backends: BackendDescription[] | undefined

  const multiplyAddsPerSecond = () =>
    backends?.find(({ chosen }) => chosen)?.multiplyAddsPerSecond ?? assumedMultiplyAddsPerSecond

  return {
    multiplyAddsPerSecond,
    async describe() {
      backends ??= await caller.call('machine.backends', { cacheFolder })
      return {
        grokscope: version,
        runtime: `Node ${process.versions.node}`,
        platform: `${process.platform} ${process.arch}`,
        processor: cpus()[0]?.model ?? 'unknown',
        cores: cpus().length,
        memoryBytes: totalmem(),
        freeMemoryBytes: freemem(),
        archivePath: archive.path,
        archiveBytes: statSync(archive.path).size,
        backends,
        multiplyAddsPerSecond: multiplyAddsPerSecond(),
        slots,
      }
    },
    benchmark: () => caller.call('machine.benchmark', { cacheFolder }),
  }
}
