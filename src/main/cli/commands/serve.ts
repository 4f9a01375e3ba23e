import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { serveLaboratory } from '../../web/webHost.ts'
import { stopSignal } from '../stopSignal.ts'
import { openFrom, type LaboratoryArguments } from './run.ts'

/** `grokscope serve`: the laboratory in a browser on this machine, until it is told to end. */
export async function serve(options: LaboratoryArguments & { port?: number }): Promise<void> {
  const toldToEnd = stopSignal()
  const laboratory = openFrom(options, { startQueued: true })
  laboratory.prepare()
  try {
    const host = await serveLaboratory(laboratory, { port: options.port, rendererFolder: rendererFolder() })
    process.stdout.write(`The laboratory is open at ${host.address}\n`)
    if (!toldToEnd.aborted) await once(toldToEnd, 'abort')
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
