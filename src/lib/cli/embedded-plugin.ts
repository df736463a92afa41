import type {Command, Interfaces} from '@oclif/core'
import packageJson from '../../../package.json' with {type: 'json'}
import manifest from './command-manifest.generated.json' with {type: 'json'}
import {COMMANDS} from './command-map.generated.ts'

/**
 * The commands, without a file system: a compiled binary has no folder of commands that oclif could read. The manifest
 * says what each command looks like (enough for help and completion), the map loads the one that runs.
 */
export class EmbeddedPlugin implements Interfaces.Plugin {
  readonly _base = 'bmfote'
  readonly name = packageJson.name
  readonly alias = packageJson.name
  readonly version = packageJson.version
  readonly pjson: Interfaces.PJSON = {
    name: packageJson.name,
    version: packageJson.version,
    description: packageJson.description,
    oclif: packageJson.oclif as Interfaces.PJSON['oclif'],
  }
  readonly root: string
  readonly options: Interfaces.Options
  readonly commands: Command.Loadable[]
  readonly commandIDs: string[]
  readonly commandsDir = undefined
  readonly hasManifest = true
  readonly hooks = {}
  readonly isRoot = true
  readonly moduleType = 'module'
  readonly topics: Interfaces.Topic[]
  readonly type = 'core'
  readonly valid = true

  constructor(root: string) {
    this.root = root
    this.options = {root}
    const cached = Object.values(manifest.commands) as unknown as Command.Cached[]
    this.commands = cached.map((command) => ({...command, load: () => this.loadCommand(command.id)}))
    this.commandIDs = cached.map((command) => command.id)
    this.topics = Object.entries(packageJson.oclif.topics).map(([name, topic]) => ({name, ...topic}))
  }

  async load(): Promise<void> {}

  findCommand(id: string, options: {must: true}): Promise<Command.Class>
  findCommand(id: string, options?: {must: boolean}): Promise<Command.Class> | undefined
  findCommand(id: string): Promise<Command.Class> | undefined {
    return id in COMMANDS ? this.loadCommand(id) : undefined
  }

  private async loadCommand(id: string): Promise<Command.Class> {
    const load = COMMANDS[id]
    if (load === undefined) throw new Error(`no command ${id} in the command map`)
    const command = (await load()).default
    command.id = id
    command.plugin = this
    return command
  }
}
