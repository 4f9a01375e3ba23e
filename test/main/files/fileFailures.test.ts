import { afterEach, expect, it } from 'vitest'
import { explainWriting } from '../../../src/main/files/fileFailures.ts'

const { platform } = process
const runOn = (value: NodeJS.Platform) => Object.defineProperty(process, 'platform', { ...own, value })
const own = Object.getOwnPropertyDescriptor(process, 'platform')!
afterEach(() => void runOn(platform))

it.each(['EPERM', 'EACCES'])(
  '%s of a file names what may stand in its way, on Windows a program that has it open',
  (code) => {
    const refused = Object.assign(new Error('rename'), { code })
    const message = () => (explainWriting('a.csv', refused) as Error).message
    const rights = 'a.csv may not be written by this user: neither it nor its folder may be read-only'
    runOn('linux')
    expect(message()).toBe(rights)
    runOn('win32')
    expect(message()).toBe(`${rights}; or another program has it open`)
  },
)
