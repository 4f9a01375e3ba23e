import { fileURLToPath } from 'node:url'
import { serveLaboratory } from '../../web/webHost.ts'
import { openFrom, type LaboratoryArguments } from './run.ts'

/** `grokscope serve`: the laboratory in a browser on this machine, until it is interrupted. */
export async function serve(options: LaboratoryArguments & { port?: number }): Promise<void> {
  const laboratory = openFrom(options, { startQueued: true })
  laboratory.paper.prepare()
  const interrupted = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
  try {
    const host = await serveLaboratory(laboratory, { port: options.port, rendererFolder: rendererFolder() })
    process.stdout.write(`The laboratory is open at ${host.address}\n`)
    await interrupted
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
