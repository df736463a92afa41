const AGENT_NAME = 'bmfote-agent'
/** `bmfote-agent --version` is the program's version, not a command of its own. */
const NOT_AGENT_COMMANDS = new Set(['--version', 'help'])

/** The command line without the program; under its second name, `bmfote-agent list` is `bmfote agent list`. */
export function argumentsOf({argv0, argv}: {argv0: string; argv: readonly string[]}): string[] {
  const words = argv.slice(2)
  if (![argv0, argv[1]].some((path) => path !== undefined && programName(path) === AGENT_NAME)) return words
  if (words[0] === 'help') return ['help', 'agent', ...words.slice(1)]
  return NOT_AGENT_COMMANDS.has(words[0] ?? '') ? words : ['agent', ...words]
}

function programName(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? '').replace(/\.exe$/i, '')
}
