import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { LabError, toErrorRecord } from '../../../shared/errors.ts'
import { printable } from '../../../shared/printable.ts'
import { serveLaboratory } from '../../web/webHost.ts'
import { stopSignal } from '../stopSignal.ts'
import { announceHost } from '../../services/hostRecord.ts'
import { existingArchive } from '../../services/readArchive.ts'
import { keepHeapSmall } from '../../services/keepHeapSmall.ts'
import { beginNodeLaboratory, cacheFolder } from '../../services/nodeLaboratory.ts'
import { optionsFrom, type LaboratoryArguments } from '../jobHost.ts'

/** Where the cache cannot be written the laboratory is open nevertheless. */
function tellUnseen(error: unknown): undefined {
  const { message } = toErrorRecord(error)
  process.stderr.write(`${printable(`other terminals cannot hand their runs to this server: ${message}`)}\n`)
}

/** `grokscope serve`: the laboratory in a browser on this machine, until it is told to end. */
export async function serve(options: LaboratoryArguments & { port?: number; readOnly?: boolean }): Promise<void> {
  const toldToEnd = stopSignal()
  keepHeapSmall()
  const { readOnly = false } = options
  if (readOnly) refuseRunOptions(options)
  const beginning = beginNodeLaboratory(
    readOnly
      ? { ...optionsFrom({ ...options, archive: existingArchive(options.archive) }), readOnly }
      : { ...optionsFrom(options), startQueued: true },
  )
  const end = toldToEnd.aborted ? Promise.resolve() : once(toldToEnd, 'abort').then(() => undefined)
  try {
    const host = await serveLaboratory(beginning, { port: options.port, rendererFolder: rendererFolder() })
    const { opening } = beginning
    if (opening) {
      const path = printable(opening.path)
      const what = opening.isCopied ? `a copy of ${path}` : path
      process.stdout.write(`${what} is being upgraded first; see the progress at ${host.address}\n`)
    }
    try {
      const laboratory = await Promise.race([beginning.laboratory, end])
      if (!laboratory) return
      laboratory.prepare()
      const withdraw =
        !readOnly && cacheFolder && (await announceHost(cacheFolder, laboratory.archivePath, host).catch(tellUnseen))
      process.stdout.write(`The laboratory is open${readOnly ? ', to be read only,' : ''} at ${host.address}\n`)
      await end
      if (withdraw) withdraw()
    } finally {
      await host.close()
    }
  } finally {
    await beginning.close()
  }
}

/** What is for runs, which are not computed where the archive is only read. */
function refuseRunOptions(options: LaboratoryArguments): void {
  const option = (['slots', 'backend'] as const).find((name) => options[name] !== undefined)
  if (option === undefined) return
  throw new LabError('USAGE', `--${option}: is not for --read-only: no runs are computed; leave it out`)
}

/** Where the build leaves the renderer: three folders up from the source, beside the bundle. */
function rendererFolder(): string {
  const relative = import.meta.url.endsWith('.ts') ? '../../../../out/renderer' : '../renderer'
  return fileURLToPath(new URL(relative, import.meta.url))
}
