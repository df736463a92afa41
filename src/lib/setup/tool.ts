import type {Paths} from '../config/environment.ts'
import type {FileEdit} from './change.ts'
import type {FileSystem} from './file-system.ts'

/** Where the memory is, and as whom the tools of this machine speak. */
export interface Connection {
  /** Without a trailing slash; undefined: the local file. */
  url?: string
  token?: string
  workspaceId?: string
  author?: string
  /** Claude Code is told at each prompt what fits it, not at the start of a session alone. */
  promptRecall?: boolean
}

export interface SetupContext {
  paths: Paths
  connection: Connection
  /** A project that gets rules of its own, for tools that read rules from projects. */
  rulesFolder?: string
  /** Where to look for programs. */
  programFolders: readonly string[]
  fs: FileSystem
}

/** An AI tool that setup knows: where its files are, and what is to stand in them. One file per tool, below tools/. */
export interface Tool {
  /** As it is typed: `bmfote setup NAME`. */
  name: string
  title: string
  /** What is there when the tool is: folders, or programs on the PATH. */
  signs(context: SetupContext): {folders: string[]; programs: string[]}
  /** In the order in which the files are to be changed; removal goes backwards. */
  edits(context: SetupContext): Promise<FileEdit[]>
  /** Sentences about what there is, that keep setup from working or the person should know. */
  remarks?(context: SetupContext): Promise<string[]>
  /** What the person has to do for it to take effect. */
  next: string
}
