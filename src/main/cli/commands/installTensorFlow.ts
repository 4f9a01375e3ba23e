import { installTensorFlow, type TensorFlowWish } from '../../services/installTensorFlow.ts'
import { ask } from '../ask.ts'

interface InstallArguments {
  tensorflow: TensorFlowWish['version']
  processor?: boolean
  yes?: boolean
}

/** `grokscope install-tensorflow`: all that training on an NVIDIA GPU needs, or the first part that is missing. */
export async function installTensorFlowCommand({ tensorflow, processor, yes }: InstallArguments): Promise<void> {
  const report = (what: string) => void process.stderr.write(`${what}\n`)
  const device = await installTensorFlow({
    version: tensorflow,
    onProcessor: processor ?? false,
    ask: (what) => (yes ? Promise.resolve(report(what)) : ask(what)),
    report,
  })
  process.stdout.write(`${device}\n`)
}
