import * as tfjs from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import {
  loadTensorFlow,
  tensorflowBackend,
  type TensorFlow,
  type TensorFlowBackend,
} from '../../src/main/lab/backend/tensorflow.ts'
import { plainBackend } from '../../src/main/lab/backend/plain.ts'

await tfjs.ready()

/** TensorFlow.js on its own CPU backend, in pure JavaScript. */
export const cpuTensorFlow: TensorFlow = tfjs

/** What the same tests run on: always the CPU backend of TensorFlow.js, and the native package where it loads. */
export const devices: { name: string; tf: TensorFlow | undefined }[] = [
  { name: 'TensorFlow.js on its CPU backend', tf: tfjs },
  await loadTensorFlow().then(
    ({ tf, description }) => ({ name: description, tf }),
    (failure: Error) => ({ name: failure.message, tf: undefined }),
  ),
]

export function backendOn(tf: TensorFlow): TensorFlowBackend {
  return tensorflowBackend({ tf, description: 'in a test' }, plainBackend('float32'))
}
