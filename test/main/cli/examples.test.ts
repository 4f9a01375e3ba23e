import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { examples } from '../../../src/main/cli/examples.ts'
import { buildProgram } from '../../../src/main/cli/program.ts'

/** Commands that do something, by what is typed. */
function commandsOf(parent: Command, path = ''): [string, Command][] {
  return parent.commands.flatMap((command) => {
    const name = `${path}${command.name()}`
    // A command that only has others has no options of its own.
    const own = command.commands.length === 0 || command.options.length > 0
    return [...(own ? [[name, command] as [string, Command]] : []), ...commandsOf(command, `${name} `)]
  })
}

const commands = commandsOf(buildProgram())

describe('the help of a command', () => {
  it.each(commands)('ends with examples of %s, which are of it and have no option that it lacks', (name, command) => {
    const lines = examples[name] ?? []
    expect(lines.length).toBeGreaterThan(0)
    let help = ''
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
    const known = command.options.map(({ long }) => long)
    for (const line of lines) {
      expect(help).toContain(`grokscope ${line}`)
      const own = line.split(/ [>|] (?:grokscope )?/).find((part) => part === name || part.startsWith(`${name} `))
      expect(own).toBeDefined()
      for (const [option] of own!.matchAll(/(?<= )--[a-z-]+/g))
        expect([line, known]).toEqual([line, expect.arrayContaining([option])])
    }
  })

  it('has no examples of what is no command', () => {
    expect(Object.keys(examples).filter((name) => !commands.some(([known]) => known === name))).toEqual([])
  })
})
