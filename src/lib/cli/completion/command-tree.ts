import type {Command} from '@oclif/core'

export interface CompletionFlag {
  name: string
  char?: string
  description: string
  takesValue: boolean
  options: readonly string[]
}

/** One place on the command line: what may follow once these words have been typed. */
export interface CompletionNode {
  /** `''` is the program itself, `server start` a command. */
  path: string
  /** Sub-commands, and the choices of a command's argument. */
  words: {word: string; description: string}[]
  flags: CompletionFlag[]
}

type DescribedCommand = Pick<Command.Loadable, 'id' | 'summary' | 'description' | 'hidden' | 'flags' | 'args'>

/** Every word that the shells can offer, from the manifest: no command is loaded for it. */
export function buildCommandTree(commands: readonly DescribedCommand[], topics: Topics): CompletionNode[] {
  const nodes = new Map<string, CompletionNode>([['', {path: '', words: [], flags: ROOT_FLAGS}]])
  for (const command of commands.filter((candidate) => !candidate.hidden)) {
    const words = command.id.split(':')
    for (let depth = 0; depth < words.length; depth++) {
      const parent = nodeAt(nodes, words.slice(0, depth).join(' '))
      addWord(parent, words[depth] ?? '', describe(command, words.slice(0, depth + 1), topics))
    }
    const node = nodeAt(nodes, words.join(' '))
    node.flags = [...flagsOf(command), HELP_FLAG]
    for (const arg of Object.values(command.args)) {
      for (const option of arg.options ?? []) addWord(node, option, arg.description ?? '')
    }
  }
  // `bmfote-agent` stands in its topic from the start, whether there are commands in it or not.
  for (const {name} of topics) nodeAt(nodes, name.replaceAll(':', ' '))
  addWord(nodeAt(nodes, ''), 'help', 'what a command does, and its flags')
  return [...nodes.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

type Topics = readonly {name: string; description?: string}[]

const HELP_FLAG: CompletionFlag = {
  name: 'help',
  char: 'h',
  description: 'show help',
  takesValue: false,
  options: [],
}
const ROOT_FLAGS: CompletionFlag[] = [
  HELP_FLAG,
  {name: 'version', description: 'show the version', takesValue: false, options: []},
]

function nodeAt(nodes: Map<string, CompletionNode>, path: string): CompletionNode {
  const node = nodes.get(path) ?? {path, words: [], flags: [HELP_FLAG]}
  nodes.set(path, node)
  return node
}

/** A command's own summary wins over the one that its first sub-command stood in with. */
function addWord(node: CompletionNode, word: string, description: string): void {
  const known = node.words.find((other) => other.word === word)
  if (known === undefined) node.words.push({word, description})
}

function describe(command: DescribedCommand, words: string[], topics: Topics): string {
  const id = words.join(':')
  if (id === command.id) return firstLine(command.summary ?? command.description)
  return firstLine(topics.find(({name}) => name === id)?.description)
}

function flagsOf(command: DescribedCommand): CompletionFlag[] {
  return Object.entries(command.flags)
    .filter(([, flag]) => !flag.hidden)
    .map(([name, flag]) => ({
      name,
      char: flag.char,
      description: firstLine(flag.summary ?? flag.description),
      takesValue: flag.type === 'option',
      options: ('options' in flag && flag.options) || [],
    }))
}

function firstLine(text = ''): string {
  return text.split('\n', 1)[0] ?? ''
}
