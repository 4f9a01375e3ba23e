import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { serveLaboratory } from '../../web/webHost.ts'
import { stopSignal } from '../stopSignal.ts'
import { announceHost } from '../../services/hostRecord.ts'
import { existingArchive } from '../../services/readArchive.ts'
import { cacheFolder } from '../../services/nodeLaboratory.ts'
import { openFrom, type LaboratoryArguments } from '../jobHost.ts'

/** `grokscope serve`: the laboratory in a browser on this machine, until it is told to end. */
export async function serve(options: LaboratoryArguments & { port?: number; readOnly?: boolean }): Promise<void> {
  const toldToEnd = stopSignal()
  // Else V8 gives the youngest objects up to 64 MiB after some long lists, and hardly takes them back.
  setFlagsFromString('--semi-space-growth-factor=1')
  const { readOnly = false } = options
  const laboratory = openFrom(
    readOnly ? { ...options, archive: existingArchive(options.archive) } : options,
    readOnly ? { readOnly } : { startQueued: true },
  )
  laboratory.prepare()
  try {
    const host = await serveLaboratory(laboratory, { port: options.port, rendererFolder: rendererFolder() })
    const withdraw = !readOnly && cacheFolder && (await announceHost(cacheFolder, laboratory.archivePath, host.address))
    process.stdout.write(`The laboratory is open${readOnly ? ', to be read only,' : ''} at ${host.address}\n`)
    if (!toldToEnd.aborted) await once(toldToEnd, 'abort')
    if (withdraw) withdraw()
    await host.close()
  } finally {
    await laboratory.close()
  }
}

/** Where the build leaves the renderer: three folders up from the source, beside the bundle. */
function rendererFolder(): string {
  const relative = import.meta.url.endsWith('.ts') ? '../../../../out/renderer' : '../renderer'
  return fileURLToPath(new URL(relative, import.meta.url))
}
