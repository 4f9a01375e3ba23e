import { runTask, taskExits } from './runTask.ts'

/** The entry of the program that a sweep's folder holds: `node task.mjs FOLDER INDEX`. */
const [folder, index] = process.argv.slice(2)
if (folder === undefined || index === undefined || !/^\d+$/.test(index)) {
  process.stderr.write('usage: node task.mjs FOLDER INDEX\n')
  process.exitCode = taskExits.usage
} else {
  process.exitCode = await runTask(folder, Number(index))
}
